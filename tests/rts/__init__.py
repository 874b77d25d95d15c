"""The RTS table: each duty of Regulation (EU) 2018/389, the test that holds it, and the proof that it does."""
