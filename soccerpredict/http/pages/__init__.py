"""What every page for visitors shares; programs get problem documents instead."""
