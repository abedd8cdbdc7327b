"""The service terms as data and rules: catalogue, eligibility, uses, working-day calendar."""
