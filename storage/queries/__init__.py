"""Reading for screens, over the engine that only reads: it never takes the writer's lock, nor waits for it."""

from storage.queries.queries import SqlQueries

__all__ = ["SqlQueries"]
