/// Completions for bash 4 and later.
enum BashCompletions {
    static func script(_ commands: [Command]) -> String {
        let nodes = CompletionNode.all(commands)
        var script = """
            # Completions of roost for bash. Made by 'roost completions bash'.

            _roost() {
                local current=${COMP_WORDS[COMP_CWORD]} previous='' path=roost option='' count=0 index=1 word
                ((COMP_CWORD > 0)) && previous=${COMP_WORDS[COMP_CWORD - 1]}
                # COMP_WORDBREAKS has '=', so that --name=value comes as three words.
                if [[ $current == = ]]; then
                    current='' option=$previous
                elif [[ $previous == = ]] && ((COMP_CWORD > 1)); then
                    option=${COMP_WORDS[COMP_CWORD - 2]}
                elif [[ $previous == --* ]]; then
                    option=$previous
                fi
                while ((index < COMP_CWORD)); do
                    word=${COMP_WORDS[index]}
                    case $word in
                    =) ((index++)) ;;
                    --*)
                        if [[ ${COMP_WORDS[index + 1]} != = ]] && _roost_takes_value "$path" "$word"; then ((index++)); fi
                        ;;
                    *)
                        if _roost_is_command "$path" "$word"; then path+=" $word"; else ((count++)); fi
                        ;;
                    esac
                    ((index++))
                done
                local words='' kind=''
                if [[ -n $option ]] && _roost_takes_value "$path" "$option"; then
                    _roost_value "$path" "$option"
                elif [[ $current == -* ]]; then
                    _roost_options "$path"
                else
                    _roost_arguments "$path" "$count"
                fi
                COMPREPLY=()
                case $kind in
                files)
                    compopt -o filenames 2>/dev/null
                    mapfile -t COMPREPLY < <(compgen -f -- "$current")
                    ;;
                folders)
                    compopt -o filenames 2>/dev/null
                    mapfile -t COMPREPLY < <(compgen -d -- "$current")
                    ;;
                *) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current") ;;
                esac
            }


            """
        script += function("_roost_is_command", "$1") { node in
            node.commands.isEmpty ? nil : "[[ \(spaced(node.commands.map(\.name))) == *\" $2 \"* ]]"
        } nodes: {
            nodes
        } otherwise: {
            "return 1"
        }
        script += function("_roost_takes_value", "$1") { node in
            let names = node.options.filter { $0.placeholder != nil }.map { "--" + $0.name }
            return names.isEmpty ? nil : "[[ \(spaced(names)) == *\" $2 \"* ]]"
        } nodes: {
            nodes
        } otherwise: {
            "return 1"
        }
        script += function("_roost_options", "$1") { node in
            let names = node.options.map(\.name) + node.standard.map(\.name)
            return "words='\(names.map { "--" + $0 }.joined(separator: " "))'"
        } nodes: {
            nodes
        } otherwise: {
            ":"
        }
        script += function("_roost_value", "$1") { node in
            let cases = node.options.compactMap { option in
                option.completion.flatMap(assignment).map { "\(quoted("--" + option.name))) \($0) ;;" }
            }
            return cases.isEmpty ? nil : "case $2 in " + cases.joined(separator: " ") + " esac"
        } nodes: {
            nodes
        } otherwise: {
            ":"
        }
        script += function("_roost_arguments", "$1") { node in
            guard node.commands.isEmpty else {
                return "words='\(node.commands.map(\.name).joined(separator: " "))'"
            }
            let cases = node.arguments.enumerated().compactMap { index, argument in
                assignment(argument.completion).map {
                    "\(argument.count == .repeated ? "*" : "\(index)")) \($0) ;;"
                }
            }
            return cases.isEmpty ? nil : "case $2 in " + cases.joined(separator: " ") + " esac"
        } nodes: {
            nodes
        } otherwise: {
            ":"
        }
        return script + "complete -F _roost roost\n"
    }

    /// A function that does something for each place, and something else where there is nothing to do.
    private static func function(
        _ name: String, _ subject: String, body: (CompletionNode) -> String?, nodes: () -> [CompletionNode],
        otherwise: () -> String
    ) -> String {
        var text = "\(name)() {\n    case \(subject) in\n"
        for node in nodes() {
            guard let line = body(node) else { continue }
            text += "    \(quoted(node.path))) \(line) ;;\n"
        }
        return text + "    *) \(otherwise()) ;;\n    esac\n}\n\n"
    }

    private static func assignment(_ completion: ValueCompletion) -> String? {
        switch completion {
        case .nothing: nil
        case .files: "kind=files"
        case .folders: "kind=folders"
        case .words(let words): "words=\(quoted(words.joined(separator: " ")))"
        }
    }

    private static func spaced(_ words: [String]) -> String {
        quoted(" " + words.joined(separator: " ") + " ")
    }

    /// Names and words have no quotation marks in them.
    private static func quoted(_ text: String) -> String { "'\(text)'" }
}
