"""The mathematics of Attention Lab: attention, Transformers, decoding and training. It never imports streamlit."""
