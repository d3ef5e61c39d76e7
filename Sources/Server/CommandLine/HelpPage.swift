/// The texts of `--help`, made from the declarations.
enum HelpPage {
    static let general = """
        Roost \(RoostVersion.current): REST handlers over HTTP; the first one runs Python and remembers every run.

        Usage: roost serve [options]     start the server; see roost serve --help
               roost --version           print the version
               roost --help              print this page

        Start it and run something:
          roost serve --project .
          curl http://127.0.0.1:8080/api/v1/python/execute -H 'Content-Type: application/json' \\
               -d '{"code": "print(1 + 1)"}'

        """

    static var serve: String {
        var page = """
            Usage: roost serve [options]

            Serves Python execution and job history over HTTP. When it is ready it prints one line,
            'roost ready on http://ADDRESS:PORT/api/v1', to standard output; everything else goes to standard error.


            """
        for section in ServeOptions.sections {
            page += section.title + ":\n"
            for option in section.options {
                let flag = "  --\(option.name)" + (option.placeholder.map { " \($0)" } ?? "")
                let text = option.summary + (option.defaultText.map { " [\($0)]" } ?? "")
                if flag.count < 30 {
                    page += flag + String(repeating: " ", count: 30 - flag.count) + text + "\n"
                } else {
                    page += flag + "\n" + String(repeating: " ", count: 30) + text + "\n"
                }
            }
            page += "\n"
        }
        page += """
            Each option is also an environment variable: --max-queue is ROOST_MAX_QUEUE. A flag wins. Lists are
            separated by commas there, and switches are 1 or 0.

            Signals: SIGTERM or SIGINT stops after running jobs have had --drain-seconds; a second one stops at once.
            SIGHUP reads the API keys again.
            Exit codes: 0 after a clean stop, 1 when the start failed (one line says why), 2 for wrong usage.

            Example: roost serve --project ~/MyGame --port 0 --workers 4

            """
        return page
    }
}
