"""The memory: SQLAlchemy, Alembic and the cipher live here and nowhere else."""
