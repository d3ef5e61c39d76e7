/// `roost history`: looks after the file of a history, with a server or without.
enum HistoryCommand {
    static let declaration: Command = Command(
        name: "history", summary: "look after the file of a history",
        discussion: """
            These commands work on the file itself. export, backup and check work beside a server that uses it; import
            and prune need it for themselves, and say which server has it.

            On a terminal they show how far they are on standard error; in a pipe they are quiet.
            """,
        body: .group([
            ExportCommand.declaration, ImportCommand.declaration, PruneCommand.declaration,
            BackupCommand.declaration,
            CheckCommand.declaration,
        ]))
}
