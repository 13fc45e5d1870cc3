"""What staking on the published predictions would have returned."""
