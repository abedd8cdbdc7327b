"""The pure step function, and the batch that runs it inside one transaction."""
