"""The rules of conversations: who answers, who may write, when an adviser is there, what is never written. Pure."""
