import Glibc
import RoostServer

let code = await RoostCommand.run(
    Array(CommandLine.arguments.dropFirst()), environment: RoostCommand.environment)
exit(code)
