// Fills histories and times the store; started by Scripts/bench history, which explains it.

let arguments = Array(CommandLine.arguments.dropFirst())
do {
    switch (arguments.first, arguments.count) {
    case ("fill", 3):
        guard let count = Int(arguments[2]), count > 0 else {
            throw BenchError("'\(arguments[2])' is no count")
        }
        try await Filler(path: arguments[1], count: count).run()
    case ("write", 4):
        guard let durability = StoreLoad.durability(arguments[2]), let seconds = Double(arguments[3]) else {
            throw BenchError("write PATH normal|full SECONDS")
        }
        try await StoreLoad(path: arguments[1], durability: durability, seconds: seconds).run()
    default:
        throw BenchError("usage: roost-history-bench fill PATH COUNT | write PATH normal|full SECONDS")
    }
} catch {
    Output.fail("\(error)")
}
