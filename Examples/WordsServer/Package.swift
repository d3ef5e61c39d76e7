// swift-tools-version: 6.2
import PackageDescription

// A handler in a repository of its own. There, the dependency is a URL and a version; here it is this checkout.
let package = Package(
    name: "WordsServer",
    dependencies: [.package(name: "roost", path: "../..")],
    targets: [
        .executableTarget(
            name: "WordsServer",
            dependencies: [
                .product(name: "RoostCore", package: "roost"),
                .product(name: "RoostServer", package: "roost"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)
