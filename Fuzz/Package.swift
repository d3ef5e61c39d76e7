// swift-tools-version: 6.2
import PackageDescription

// The flags are those of the root package; `-parse-as-library` leaves `main` to libFuzzer.
let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "roost", path: "..")],
    targets: [
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                .product(name: "RoostCore", package: "roost"),
                .product(name: "RoostEventLoop", package: "roost"),
                .product(name: "RoostHTTP", package: "roost"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
                .unsafeFlags(["-parse-as-library"]),
            ])
    ]
)
