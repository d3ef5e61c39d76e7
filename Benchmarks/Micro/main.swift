// roost-micro               times all measurements
// roost-micro --list        names them
// roost-micro NAME COUNT    runs one so many times, for callgrind

let measurements = try Measurements.all()
let arguments = CommandLine.arguments.dropFirst()
if arguments.first == "--list" {
    for measurement in measurements { print(measurement.name) }
} else if let name = arguments.first {
    guard let measurement = measurements.first(where: { $0.name == name }) else {
        fatalError("no measurement '\(name)'")
    }
    measurement.repeatWork(arguments.dropFirst().first.flatMap { Int($0) } ?? 1)
} else {
    print("6 kB document: \(Document.text.count) bytes; median, 10th–90th percentile")
    for measurement in measurements { measurement.run() }
}
