import RoostCore
import RoostPython

/// A place in the scene; in Python three numbers.
struct Point: Sendable, PythonValue, JSONConvertible {
    var x = 0.0
    var y = 0.0
    var z = 0.0

    static var pythonType: String { "list[float]" }

    var json: JSON { [x, y, z].json }
}

extension Point {
    init?(python json: JSON) {
        guard let numbers = [Double](python: json), numbers.count == 3 else { return nil }
        self.init(x: numbers[0], y: numbers[1], z: numbers[2])
    }
}
