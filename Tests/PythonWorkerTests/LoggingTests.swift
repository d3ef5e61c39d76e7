import RoostPythonWire
import Testing

extension WorkerTests {
    @Suite struct Logging {
        @Test func `levels map to three, the root is at INFO, and nothing is on stderr`() throws {
            let report = try WorkerProcess.run(
                """
                import logging
                logging.debug('d')
                logging.getLogger('a').info('i %d', 1)
                logging.warning('w')
                logging.error('e')
                logging.critical('c')
                """)
            #expect(
                report.events == [
                    .log(.info, "i 1"), .log(.warning, "w"), .log(.error, "e"), .log(.error, "c"),
                ])
        }

        @Test func `an exception is part of its entry`() throws {
            let report = try WorkerProcess.run(
                "import logging\ntry: 1/0\nexcept Exception: logging.exception('failed')")
            #expect(report.logs.first?.hasPrefix("failed\nTraceback (most recent call last):\n") == true)
            #expect(report.logs.first?.hasSuffix("ZeroDivisionError: division by zero") == true)
        }

        @Test(arguments: ["level=logging.DEBUG", "level='DEBUG', force=True", "level=10, format='%(name)s'"])
        func `basicConfig sets the level and adds no stderr handler`(options: String) throws {
            let report = try WorkerProcess.run(
                "import logging\nlogging.basicConfig(\(options))\nlogging.debug('d')\nlogging.info('i')")
            #expect(report.logs == ["d", "i"])
            #expect(report.error.isEmpty)
        }

        @Test func `basicConfig with a file writes the file, and refuses what Python refuses`() throws {
            let report = try WorkerProcess.run(
                """
                import logging
                logging.basicConfig(filename='log.txt', level=logging.DEBUG, format='%(levelname)s %(message)s')
                logging.debug('d')
                logging.shutdown()
                text = open('log.txt').read()
                try: logging.basicConfig(force=True, nope=1)
                except ValueError as e: text += str(e)
                text
                """)
            #expect(report.result == #""DEBUG d\nUnrecognised argument(s): nope""#)
            #expect(report.logs == ["d"])
        }
    }
}
