/// Completions for fish 3 and later.
enum FishCompletions {
    static func script(_ commands: [Command]) -> String {
        let nodes = CompletionNode.all(commands)
        var script = """
            # Completions of roost for fish. Made by 'roost completions fish'.

            # The commands typed so far, such as 'roost history export', and how many other arguments follow them.
            function __roost_place
                set -l words (commandline -opc)
                set -l path roost
                set -l count 0
                set -l skips no
                for word in $words[2..-1]
                    if test $skips = yes
                        set skips no
                    else if string match -q -- '--*=*' $word
                    else if string match -q -- '--*' $word
                        contains -- "$path $word" $__roost_valued; and set skips yes
                    else if contains -- "$path $word" $__roost_paths
                        set path "$path $word"
                    else
                        set count (math $count + 1)
                    end
                end
                echo $path
                echo $count
            end

            function __roost_at
                test (__roost_place)[1] = "$argv"
            end

            function __roost_argument
                set -l place (__roost_place)
                test "$place[1]" = "$argv[1]"; and test "$place[2]" = "$argv[2]"
            end

            complete -c roost -f


            """
        script += "set -g __roost_paths \(nodes.map { quoted($0.path) }.joined(separator: " "))\n"
        let valued = nodes.flatMap { node in
            node.options.filter { $0.placeholder != nil }.map { quoted("\(node.path) --\($0.name)") }
        }
        script += "set -g __roost_valued \(valued.joined(separator: " "))\n\n"
        for node in nodes {
            let here = "complete -c roost -n '__roost_at \(node.path)'"
            for command in node.commands {
                script += "\(here) -a \(command.name) -d \(quoted(command.summary))\n"
            }
            for option in node.options {
                let value = option.completion.map { ($0 == .files ? " -r" : " -x") + words(after: $0) } ?? ""
                script += "\(here) -l \(option.name)\(value) -d \(quoted(firstPart(option.summary)))\n"
            }
            for name in node.standard { script += "\(here) -l \(name.name) -d \(quoted(name.summary))\n" }
            for (index, argument) in node.arguments.enumerated() {
                let condition =
                    argument.count == .repeated
                    ? "__roost_at \(node.path)" : "__roost_argument \"\(node.path)\" \(index)"
                let completion = words(after: argument.completion)
                guard !completion.isEmpty else { continue }
                script += "complete -c roost -n \(quoted(condition))\(completion)\n"
            }
        }
        return script
    }

    private static func words(after completion: ValueCompletion) -> String {
        switch completion {
        case .nothing: ""
        case .files: " -F"
        case .folders: " -a '(__fish_complete_directories)'"
        case .words(let words): " -a \(quoted(words.joined(separator: " ")))"
        }
    }

    /// A menu has one line for each: what stands before the first semicolon is enough.
    private static func firstPart(_ summary: String) -> String {
        String(summary.prefix { $0 != ";" && $0 != ":" })
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.flatMap { $0 == "'" || $0 == "\\" ? "\\\($0)" : "\($0)" } + "'"
    }
}
