"""The failing link of the enterprise's chain, inferred from scans."""
