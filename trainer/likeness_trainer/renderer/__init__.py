"""The renderer: what the mesh gives it (rig, proxies), its two graphs (std, fast), and what trains them."""
