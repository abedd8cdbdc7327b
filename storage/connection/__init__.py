"""How the database is reached: engines, transactions, encryption, errors of the domain, identifiers."""
