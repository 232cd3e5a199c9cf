// swift-tools-version: 6.2
import PackageDescription

// Arrows go only downwards, row by row as listed here; `Scripts/check` builds with the import check that enforces it.

/// Shared by every Swift target.
let base: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]
/// Pure values: optimised in debug builds too, because the fuzzer and the packet path live on them.
let pure = base + [.unsafeFlags(["-O"], .when(configuration: .debug))]
/// Modules whose state lives on the one loop.
let loop = base + [.defaultIsolation(MainActor.self)]

let package = Package(
    name: "switchboard",
    products: [.executable(name: "switchboard", targets: ["Daemon"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // C
        .systemLibrary(name: "CSofiaLibrary", pkgConfig: "sofia-sip-ua", providers: [.apt(["libsofia-sip-ua-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "COpenSSLTLS", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSRTP", pkgConfig: "libsrtp2", providers: [.apt(["libsrtp2-dev"])]),
        .systemLibrary(name: "COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"])]),
        .systemLibrary(name: "CSpanDSP", pkgConfig: "spandsp", providers: [.apt(["libspandsp-dev"])]),
        .systemLibrary(name: "CFliteLibrary", providers: [.apt(["flite1-dev"])]),
        .target(name: "CSofia", dependencies: ["CSofiaLibrary"]),
        // The module map's `link` lines work for an import by Swift only; flite has no pkg-config file.
        .target(
            name: "CFlite", dependencies: ["CFliteLibrary"],
            linkerSettings: ["flite_cmu_us_slt", "flite_usenglish", "flite_cmulex", "flite"].map { .linkedLibrary($0) }),
        .target(name: "CLoop"),
        .target(
            name: "CWebRTC", dependencies: ["COpenSSLTLS", "CSRTP", "COpus"],
            cSettings: [.unsafeFlags(["-Wall", "-Wextra"])]),

        // Row 1
        .target(name: "Basics", swiftSettings: pure),
        .target(name: "MainLoop", dependencies: ["CLoop"], swiftSettings: loop),
        .target(
            name: "Streams",
            dependencies: [
                "CLoop", "MainLoop", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
            ], swiftSettings: loop),

        .target(
            name: "TLS",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ], swiftSettings: base),

        // Row 2: the wire, the rules
        .target(name: "SDP", dependencies: ["Basics"], swiftSettings: pure),
        .target(name: "RTP", dependencies: ["Basics"], swiftSettings: pure),
        .target(name: "Audio", dependencies: ["Basics"], swiftSettings: pure),
        .target(name: "ACD", dependencies: ["Basics"], swiftSettings: pure),
        .target(name: "IVR", dependencies: ["Basics"], swiftSettings: pure),
        .target(name: "ContactCenter", dependencies: ["Basics", "ACD", "IVR"], swiftSettings: pure),
        .target(name: "KPI", dependencies: ["ACD", "Basics"], swiftSettings: pure),
        .target(name: "Workforce", swiftSettings: pure),
        .target(name: "Simulation", dependencies: ["Basics", "ACD", "IVR", "ContactCenter", "KPI"], swiftSettings: pure),

        // Row 3: the edges
        .target(
            name: "SIP",
            dependencies: ["Basics", "MainLoop", "CSofia", "COpenSSL", .product(name: "Logging", package: "swift-log")],
            swiftSettings: loop),
        .target(
            name: "WebRTC", dependencies: ["Audio", "CLoop", "COpenSSL", "CWebRTC", "MainLoop", "RTP", "SDP"],
            swiftSettings: loop),
        .target(
            name: "Media",
            dependencies: ["Audio", "Basics", "CLoop", "COpenSSL", "CSpanDSP", "MainLoop", "RTP", "SDP", "WebRTC"],
            swiftSettings: loop),
        .target(name: "Speech", dependencies: ["Basics", "MainLoop", "Audio", "CFlite", "COpenSSL"], swiftSettings: loop),
        .target(
            name: "Storage",
            dependencies: ["Basics", "MainLoop", .product(name: "GRDB", package: "GRDB.swift")], swiftSettings: loop),
        .target(
            name: "HTTP",
            dependencies: [
                "Basics", "COpenSSL", "MainLoop", "Streams", "TLS", .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"), .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: base),

        // Rows 4 and 5: what binds them
        .target(
            name: "SiteConfiguration",
            dependencies: [
                "ACD", "Basics", "CArgon2", "COpenSSL", "ContactCenter", "IVR", "Simulation", "TLS",
                .product(name: "Yams", package: "Yams"),
            ], swiftSettings: base),
        .target(name: "WebUI", resources: [.copy("Pages")], swiftSettings: base),
        .target(
            name: "API",
            dependencies: [
                "ACD", "Basics", "ContactCenter", "COpenSSL", "HTTP", "IVR", "KPI", "MainLoop", "RTP", "SiteConfiguration",
                "Storage", "Streams",
                .product(name: "Hummingbird", package: "hummingbird"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: base),
        .target(
            name: "Switchboard",
            dependencies: [
                "ACD", "API", "Audio", "Basics", "COpenSSL", "COpenSSLTLS", "SiteConfiguration", "ContactCenter", "HTTP", "IVR",
                "MainLoop", "CLoop", "Media", "RTP", "SDP", "SIP", "Simulation", "Speech", "Storage", "Streams", "TLS",
                "WebRTC", "WebUI",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: loop),
        .target(
            name: "Demo", dependencies: ["Audio", "Basics", "MainLoop", "SiteConfiguration", "Speech"],
            resources: [.copy("Configuration")], swiftSettings: loop),
        .executableTarget(
            name: "Daemon",
            dependencies: [
                "ACD", "Basics", "ContactCenter", "Demo", "KPI", "Simulation", "SiteConfiguration", "Switchboard", "Workforce",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: base),

        // Tests: programs that stand at the other end of the wire, and suites
        .executableTarget(name: "Caller", dependencies: ["COpenSSL"], path: "Tests/Caller", swiftSettings: pure),
        // Measuring programs: optimised in debug builds too, or they would measure themselves.
        .target(name: "LoadKit", path: "Tests/LoadKit", cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra"])]),
        .executableTarget(
            name: "LoadGenerator", dependencies: ["LoadKit"], path: "Tests/LoadGenerator",
            cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra"])],
            linkerSettings: [.linkedLibrary("crypto"), .linkedLibrary("m")]),
        .executableTarget(
            name: "BrowserLoad", dependencies: ["CWebRTC", "LoadKit"], path: "Tests/BrowserLoad",
            cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra"])],
            linkerSettings: [.linkedLibrary("crypto"), .linkedLibrary("m")]),
        .executableTarget(name: "Relay", path: "Tests/Relay", cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra"])]),
        .target(
            name: "LoopTestKit",
            dependencies: [
                "CLoop", "MainLoop", "Streams", "HTTP", "TLS", .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ], path: "Tests/LoopTestKit", swiftSettings: loop),
        .target(name: "TLSTestKit", path: "Tests/TLSTestKit", swiftSettings: base),
        .executableTarget(
            name: "LoopChecks",
            dependencies: [
                "CLoop", "MainLoop", "Streams", "HTTP", "LoopTestKit", .product(name: "NIOCore", package: "swift-nio"),
            ], path: "Tests/LoopChecks", swiftSettings: loop),
        .testTarget(name: "MainLoopTests", dependencies: ["LoopChecks", "LoopTestKit", "MainLoop"], swiftSettings: loop),
        .executableTarget(
            name: "BareShim",
            dependencies: ["Basics", "MainLoop", "SIP", .product(name: "Logging", package: "swift-log")],
            path: "Tests/BareShim", swiftSettings: loop),
        .testTarget(name: "CallerTests", dependencies: ["Caller"], swiftSettings: base),
        .testTarget(
            name: "HTTPTests",
            dependencies: [
                "Basics", "CLoop", "LoopChecks", "LoopTestKit", "MainLoop", "Streams", "HTTP", "TLS", "TLSTestKit",
                .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"), .product(name: "NIOWebSocket", package: "swift-nio"),
            ], swiftSettings: loop),
        .testTarget(
            name: "SIPTests",
            dependencies: ["Basics", "MainLoop", "SIP", .product(name: "Logging", package: "swift-log")], swiftSettings: loop),
        .testTarget(name: "WireTests", dependencies: ["Basics", "SDP", "RTP", "Audio"], swiftSettings: base),
        .testTarget(
            name: "MediaTests", dependencies: ["Basics", "MainLoop", "SDP", "RTP", "Audio", "Media", "WebRTC"],
            swiftSettings: loop),
        .testTarget(
            name: "WebRTCTests",
            dependencies: ["Audio", "Basics", "MainLoop", "RTP", "SDP", "WebRTC"],
            exclude: ["aiortc-peer.py"], swiftSettings: loop),
        .testTarget(name: "SpeechTests", dependencies: ["MainLoop", "Audio", "Speech"], swiftSettings: loop),
        .executableTarget(
            name: "StoreChecks", dependencies: ["Basics", "MainLoop", "Storage"], path: "Tests/StoreChecks", swiftSettings: loop
        ),
        .testTarget(
            name: "StorageTests",
            dependencies: ["Basics", "MainLoop", "Storage", "StoreChecks", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: loop),
        .testTarget(
            name: "SiteConfigurationTests",
            dependencies: [
                "ACD", "Basics", "SiteConfiguration", "ContactCenter", "IVR", "Simulation", "TLS", "TLSTestKit",
                .product(name: "Yams", package: "Yams"),
            ], swiftSettings: base),
        .testTarget(name: "KPITests", dependencies: ["ACD", "Basics", "KPI"], swiftSettings: base),
        .testTarget(name: "WorkforceTests", dependencies: ["Workforce"], swiftSettings: base),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["ACD", "Basics", "ContactCenter", "IVR", "KPI", "Simulation", "Workforce"], swiftSettings: base),
        .testTarget(
            name: "RulesTests", dependencies: ["ACD", "Basics", "ContactCenter", "IVR", "Simulation"], swiftSettings: base),
        .testTarget(
            name: "APITests",
            dependencies: [
                "ACD", "API", "Basics", "ContactCenter", "HTTP", "IVR", "LoopTestKit", "MainLoop", "SiteConfiguration",
                "Simulation", "Storage", "Streams", "TLS", "TLSTestKit", "WebUI",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ], swiftSettings: base),
        .executableTarget(
            name: "DayBench", dependencies: ["Basics", "ContactCenter", "Simulation"], path: "Tests/DayBench",
            swiftSettings: base),
        .executableTarget(
            name: "HouseBench",
            dependencies: [
                "ACD", "Basics", "ContactCenter", "MainLoop", "Simulation", "SiteConfiguration", "Storage", "Switchboard",
            ], path: "Tests/HouseBench", swiftSettings: loop),
        .executableTarget(
            name: "RecordBench", dependencies: ["Audio", "Media"], path: "Tests/RecordBench", swiftSettings: base),
        .executableTarget(
            name: "Fuzz", dependencies: ["ContactCenter", "Simulation"], path: "Tests/Fuzz", swiftSettings: base),
        .executableTarget(
            name: "RoutingBench", dependencies: ["ACD", "Basics", "ContactCenter", "IVR"], path: "Tests/RoutingBench",
            swiftSettings: base),
        .testTarget(
            name: "SwitchboardTests",
            dependencies: [
                "ACD", "API", "Audio", "Basics", "ContactCenter", "IVR", "MainLoop", "Media", "RTP", "SDP", "SIP", "Simulation",
                "SiteConfiguration", "Speech", "Storage", "Switchboard", "WebRTC",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: loop),
        .executableTarget(
            name: "MixBench", dependencies: ["Audio", "Basics", "LoadKit", "MainLoop", "Media", "RTP", "SDP", "WebRTC"],
            path: "Tests/MixBench", swiftSettings: loop),
        .testTarget(name: "DemoTests", dependencies: ["Basics", "Demo", "SiteConfiguration"], swiftSettings: base),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["Basics", "Caller", "Daemon", "TLSTestKit", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: base),
    ])
