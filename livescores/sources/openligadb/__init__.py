"""OpenLigaDB."""
