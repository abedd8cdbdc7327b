"""What is kept: tables, one transaction a batch, encryption, documents, migrations."""
