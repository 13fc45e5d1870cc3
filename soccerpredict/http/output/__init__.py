"""What answers are made of: JSON, CSV or Parquet, encoded, cached and compared by ETag."""
