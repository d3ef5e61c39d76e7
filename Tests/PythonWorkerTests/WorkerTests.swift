import Testing

/// Tests with a real `roost-python`. They block their thread, so they run one after another.
@Suite(.serialized) struct WorkerTests {}
