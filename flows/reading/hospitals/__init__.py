"""Reading hospital names: the directory, the forms of each name, and how a text is matched against them."""
