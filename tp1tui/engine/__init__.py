"""Training: build the network, update it, measure it, checkpoint it. Yields events; draws nothing.

Start reading at `loop`.
"""
