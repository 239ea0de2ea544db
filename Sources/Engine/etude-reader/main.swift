import CellCompiler
import Foundation

// Reads what a host would rather not read itself.
//     etude-reader                    a cell's text from standard input: it ends well if the parser does
//     etude-reader FILE TOOLCHAIN     the compiler's messages in a file, written as JSON to standard output
let arguments = CommandLine.arguments
if arguments.count == 3 {
    do {
        FileHandle.standardOutput.write(try StrangersReading.messages(at: arguments[1], toolchain: arguments[2]))
        exit(0)
    } catch {
        FileHandle.standardError.write(Data("\(error)\n".utf8))
        exit(2)
    }
}
let text = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
let thread = Thread {
    StrangersReading.tryText(text)
    exit(0)
}
// Half of what a host has: what goes well here goes well there.
thread.stackSize = 4 << 20
thread.start()
while true { sleep(1_000) }
