import RoostCore
import RoostPersistence
import Testing

struct SQLiteConnectionTests {
    let folder = TemporaryFolder()

    private func open() throws -> SQLiteConnection {
        try SQLiteConnection(path: folder.file("a?b#c%20.sqlite"), mode: .create)
    }

    @Test func `opens exactly the file it is told`() throws {
        let connection = try open()
        try connection.execute("CREATE TABLE t (x)")
        #expect(folder.names == ["a?b#c%20.sqlite"])
    }

    @Test func `every value comes back as it was`() throws {
        let connection = try open()
        try connection.execute("CREATE TABLE t (a, b, c, d, e, f, g)")
        try connection.execute(
            "INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", .int(Int64.min), .double(0.1), .text("a\u{0}ä👩‍💻"),
            .blob([0, 255]), .null, .text(""), .blob([]))
        try connection.run("SELECT *, typeof(f), typeof(g) FROM t") { row in
            #expect(row.int(0) == .min)
            #expect(row.double(1) == 0.1)
            #expect(row.text(2) == "a\u{0}ä👩‍💻")
            #expect(row.bytes(3) == [0, 255])
            #expect(row.isNull(4) == true)
            #expect(row.text(ifPresent: 4) == nil)
            #expect(row.int(ifPresent: 4) == nil)
            #expect(row.text(ifPresent: 5)?.isEmpty == true)
            #expect(row.bytes(6).isEmpty == true)
            #expect(row.text(7) == "text")
            #expect(row.text(8) == "blob")
            #expect(row.isNull(99) == true)
            #expect(row.text(-1).isEmpty == true)
        }
    }

    @Test func `refuses a wrong number of arguments and a second statement`() throws {
        let connection = try open()
        #expect(throws: SQLiteError.self) { try connection.execute("SELECT ?") }
        #expect(throws: SQLiteError.self) { try connection.execute("SELECT ?", .int(1), .int(2)) }
        #expect(throws: SQLiteError.self) { try connection.execute("CREATE TABLE a (x); CREATE TABLE b (x)") }
        #expect(throws: SQLiteError.self) { try connection.execute("") }
        try connection.execute("CREATE TABLE a (x);\n")
    }

    @Test func `an error has SQLite's codes and text, and never an argument`() throws {
        let connection = try open()
        try connection.execute("CREATE TABLE t (x UNIQUE)")
        try connection.execute("INSERT INTO t VALUES (?)", .text("secret"))
        let error = #expect(throws: SQLiteError.self) {
            try connection.execute("INSERT INTO t VALUES (?)", .text("secret"))
        }
        #expect(error?.extendedCode == 2067)
        #expect(error?.code == 19)
        #expect(error?.isConstraint == true)
        #expect(error?.description.contains("t.x") == true)
        #expect(error?.description.contains("secret") == false)
        // And the statement can be used again.
        try connection.execute("INSERT INTO t VALUES (?)", .text("other"))
    }

    @Test func `a statement can be used within itself`() throws {
        let connection = try open()
        try connection.execute("CREATE TABLE t (x)")
        for value in 1...3 { try connection.execute("INSERT INTO t VALUES (?)", .int(value)) }
        let all = "SELECT x FROM t WHERE x <= ?"
        let sums = try connection.rows(all, .int(3)) { row throws(SQLiteError) in
            try connection.rows(all, .int(row.int(0))) { $0.int(0) }.reduce(0, +)
        }
        #expect(sums == [1, 3, 6])
    }

    @Test func `a transaction is written whole or not at all`() throws {
        struct Refusal: Error {}
        let connection = try open()
        try connection.execute("CREATE TABLE t (x)")
        try connection.transaction { _ = try connection.execute("INSERT INTO t VALUES (1)") }
        #expect(throws: Refusal.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO t VALUES (2)")
                throw Refusal()
            }
        }
        #expect(try connection.rows("SELECT x FROM t") { $0.int(0) } == [1])
    }

    @Test func `many statements do not fill the memory`() throws {
        let connection = try open()
        for value in 0..<500 { #expect(try connection.first("SELECT \(value)") { $0.int(0) } == Int64(value)) }
    }
}

extension SQLiteConnection {
    /// Reads the rows for their effect.
    fileprivate func run(_ sql: String, _ check: (borrowing SQLiteRow) -> Void) throws {
        let count = try rows(sql) { check($0) }.count
        #expect(count > 0)
    }
}
