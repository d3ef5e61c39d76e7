// swift-tools-version: 6.2
import PackageDescription

// A program of its own that lets its users script it in Python. In a repository of its own, the dependency is a URL
// and a version; here it is this checkout.
let package = Package(
    name: "SceneServer",
    dependencies: [.package(name: "roost", path: "../..")],
    targets: [
        .executableTarget(
            name: "SceneServer",
            dependencies: [
                .product(name: "RoostCore", package: "roost"),
                .product(name: "RoostPython", package: "roost"),
                .product(name: "RoostServer", package: "roost"),
                // The process that embeds Python; it has to stand beside the program.
                .product(name: "roost-python", package: "roost"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)
