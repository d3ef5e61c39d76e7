import RoostCore
import RoostPersistence

/// A note as it stands in the table and on the wire.
struct Note: Sendable, JSONConvertible {
    let id: Int
    let title: String
    let text: String
    let createdAt: Timestamp

    /// Reads the columns `id, title, text, created_at_ms`.
    init(_ row: borrowing SQLiteRow) {
        id = Int(row.int(0))
        title = row.text(1)
        text = row.text(2)
        createdAt = Timestamp(milliseconds: row.int(3))
    }

    var json: JSON {
        [
            "id": .int(id), "title": .string(title), "text": .string(text),
            "created_at": .string(createdAt.description),
        ]
    }
}
