/// What a cell says to the host in the session's name.
extension Attack {
    static let messages = Wave(name: "messages", attacks: [
        Attack("a message of 4 GB", nonsense, "raw([255, 255, 255, 255, 0, 0, 0, 0]); sleep(100)"),
        Attack("an attachment of 4 GB", nonsense, "raw([2, 0, 0, 0, 255, 255, 255, 255]); sleep(100)"),
        Attack("bytes that are no message", nonsense, "raw(Array(repeating: 65, count: 100_000)); sleep(100)"),
        .message("no JSON", "hello"),
        .message("an unknown message", #"{"verdict":{"_0":"correct"}}"#),
        .message("an answer that nobody asked for", #"{"answer":{"_0":{"missing":{}}}}"#),
        .message("readiness out of turn", #"{"ready":{"version":2,"process":1}}"#),
        .message("a copy that nobody asked for", #"{"copied":{}}"#),
        .message("loading out of turn", #"{"loaded":{}}"#),
        .message("the end of another cell", #"{"finished":{"_0":{"completed":{}},"run":77}}"#),
        .message("a number too large", #"{"display":{"_0":{"progress":{"_0":{"label":"","fraction":1e999,"detail":"","isFinished":false}}}}}"#),
        Attack("JSON nested 5 million deep", nonsense, "frame(String(repeating: \"[\", count: 5_000_000)); sleep(100)"),
        Attack("objects nested a million deep", nonsense, "frame(String(repeating: \"{\\\"display\\\":\", count: 1_000_000)); sleep(100)"),
        Attack("half a message, then the end", "died: The cell ended the whole process, with status 0.", "raw([200, 0, 0, 0, 0, 0, 0, 0, 65]); _exit(0)"),
        Attack("a child speaks for the cell", nonsense, "let spare = dup(3)\nif forkProcess() == 0 { raw(Array(repeating: 65, count: 100), to: spare); _exit(0) }\nsleep(100)"),
    ])
}
