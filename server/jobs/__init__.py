"""What goes on by itself: deliveries and housekeeping. Each job is one coroutine of the one TaskGroup."""
