/// The ways in which a learner's program dies by itself.
extension Attack {
    static let traps = Wave(name: "traps", attacks: [
        Attack("reads behind an array", "died: Index out of range.", line: 3, "let list = [1, 2]\nvar i = 2\nprint(list[i])"),
        Attack("unwraps nil", "died: Unexpectedly found nil while unwrapping an Optional value.", line: 2, "func f(_ x: Int?) -> Int {\n    return x!\n}\nf(nil)"),
        Attack("gives up with words", "died: my words.", line: 1, "fatalError(\"my words\")"),
        Attack("breaks a precondition", "died: one is not more.", line: 2, "\nprecondition(1 > 2, \"one is not more\")"),
        Attack("breaks an assertion", "died: two is not more.", line: 2, "func check(_ n: Int) {\n    assert(n > 2, \"two is not more\")\n}\ncheck(2)"),
        Attack("comes where it should not", "died: This can't be.", line: 1, "preconditionFailure(\"This can't be\")"),
        Attack("overflows a number", "died: A number grew too large", line: 3, "var n = Int.max\nfor _ in 0..<1 {\n    n += 1\n}"),
        Attack("converts a number that does not fit", "died: Negative value is not representable.", line: 2, "func small(_ n: Int) -> UInt8 {\n    UInt8(n)\n}\nprint(small(-300))"),
        Attack("divides by zero", "died: Division by zero.", line: 2, "func divide(_ a: Int, by b: Int) -> Int {\n    a / b\n}\nprint(divide(1, by: 0))"),
        Attack("casts to another type", "died: Could not cast value of type 'Int' to 'String'.", line: 2, "let any: Any = 5\nlet text = any as! String"),
        Attack("fails a try!", "died: 'try!' expression unexpectedly raised an error: ", line: 3, "struct Oops: Error {}\nfunc fail() throws { throw Oops() }\ntry! fail()"),
        Attack("makes a range backwards", "died: Range requires lowerBound <= upperBound.", line: 2, "let low = Int(\"5\")!\nprint(low..<3)"),
        Attack("reads a dictionary's key twice", "died: Duplicate values for key: 'a'.", line: 1, "print(Dictionary(uniqueKeysWithValues: [(\"a\", 1), (\"a\", 2)]))"),
        Attack("reads behind a text", "died: String index is out of bounds.", line: 2, "let text = \"abc\"\nprint(text[text.index(text.endIndex, offsetBy: 1)])"),
        Attack("changes a variable while it is being changed", "died: A variable was read or changed while a change of it was still going on", line: 4,
            "final class Box { var n = 1; func grow(_ body: () -> Void) { change(&n, body) } }\n@inline(never) func change(_ a: inout Int, _ body: () -> Void) { body(); a += 1 }\nlet box = Box()\nbox.grow { box.n = 2 }"),
        Attack("reads an unowned reference to what is gone", "died: Attempted to read an unowned reference but object", line: 4,
            "class Node {}\nstruct Holder { unowned var node: Node }\nfunc make() -> Holder { Holder(node: Node()) }\nprint(make().node)"),
        Attack("puts layers of other shapes together", "died: ", line: 4, "import Training\nlet a = Input(shape: [3])\nlet b = Input(shape: [2, 2])\nlet c = Concatenate()(a, b)"),
        Attack("calls itself without end", "died: The stack overflowed", line: 1, "func down(_ n: Int) -> Int { n == -1 ? 0 : 1 + down(n + 1) }\nprint(down(0))"),
        Attack("traps in a task", "died: Index out of range.", line: 2, "let task = Task {\n    let none = [Int](); print(none[0])\n}\nawait task.value"),
        Attack("traps after an await", "died: later.", line: 2, "try await Task.sleep(for: .milliseconds(1))\nfatalError(\"later\")"),
        Attack("takes all memory", "died: ", "var blocks: [[UInt8]] = []\nfor _ in 0..<100 { blocks.append([UInt8](repeating: 1, count: 64 << 20)) }"),
        Attack("asks for more memory than there is", "died: ", "print([UInt8](repeating: 1, count: 1 << 46).count)"),
        Attack("sends a message of megabytes about its end", "died: ", "fatalError(String(repeating: \"x\", count: 3_000_000))"),
        Attack("throws megabytes", "threw xxx", "struct Long: Error, CustomStringConvertible { var description: String { String(repeating: \"x\", count: 5_000_000) } }\nthrow Long()"),
    ])

    static let threads = Wave(name: "threads", attacks: [
        Attack("traps in another thread", "died: Index out of range.", line: 2, "let t = Thread {\n    let none = [Int](); print(none[0])\n}\nt.start()\nsleep(100)"),
        Attack("traps in concurrentPerform", "died: Index out of range.", line: 3, "let none = [Int]()\nDispatchQueue.concurrentPerform(iterations: 8) { i in\n    print(none[i])\n}"),
        Attack("overflows the stack of another thread", "died: ", "func down(_ n: Int) -> Int { n == -1 ? 0 : 1 + down(n + 1) }\nlet t = Thread { print(down(0)) }\nt.start()\nsleep(100)"),
        Attack("throws in another thread", "completed", "struct Oops: Error {}\nfunc fail() throws { throw Oops() }\nlet t = Thread { for _ in 0..<1_000 { try? fail() } ; print(\"done\") }\nt.start()\nwhile !t.isFinished { usleep(1_000) }"),
        Attack("exits in another thread", "died: The cell ended the whole process, with status 9.", "let t = Thread { exit(9) }\nt.start()\nsleep(100)"),
        Attack("traps in many threads at once", "died: ", "for _ in 0..<8 { Thread { let none = [Int](); print(none[0]) }.start() }\nsleep(100)"),
        Attack("leaves a thread that traps later", "completed", "let t = Thread { usleep(1_000_000); fatalError() }\nt.start()"),
        Attack("throws where C code has lost the chain of frames", "completed", "struct Oops: Error {}\nfunc fail() throws { throw Oops() }\nvar list: [Int32] = [3, 1, 2]\nqsort(&list, 3, 4) { _, _ in try? fail(); return 1 }"),
        Attack("traps where C code has lost the chain of frames", "died: Index out of range.", line: 2, "var list: [Int32] = [3, 1, 2]\nqsort(&list, 3, 4) { _, _ in let none = [Int32](); return none[0] }"),
    ])

    static let ends = Wave(name: "ends", attacks: [
        Attack("calls _exit", "died: The cell ended the whole process, with status 7.", "_exit(7)"),
        Attack("aborts", "died: ", line: 2, "\nabort()"),
        Attack("exits from a handler of exits", "exited 4", line: 2, "atexit { exit(9) }\nexit(4)"),
        Attack("leaves handlers of exits behind", "completed", "atexit { fatalError(\"too late\") }"),
        Attack("exits as quickly as it can", "died: The cell ended the whole process, with status 6.", "quick_exit(6)"),
        Attack("frees twice", "died: ", "let p = malloc(100)\nfree(p)\nfree(p)\nlet q = malloc(100)\nfree(q)\nfree(q)\nabort()"),
        Attack("writes to address 8", "died: ", line: 1, "let f = unsafeBitCast(8, to: UnsafeMutablePointer<Int>.self); f.pointee = 1"),
        Attack("calls an address that holds no code", "died: ", "typealias Code = @convention(c) () -> Void\nunsafeBitCast(4096, to: Code.self)()"),
        Attack("gives its own stack back to the system", "died: ", "var here = 0\nwithUnsafeMutablePointer(to: &here) { _ = $0 }\nvar local = 0\nfunc gone() { var x = 0; let p = UInt(bitPattern: withUnsafeMutablePointer(to: &x) { $0 }) & ~4095; munmap(UnsafeMutableRawPointer(bitPattern: p - (64 << 10)), 256 << 10) }\ngone()"),
        Attack("gives the C library back to the system", "died: ", "let code = UInt(bitPattern: dlsym(nil, \"getpid\")!) & ~4095\nmunmap(UnsafeMutableRawPointer(bitPattern: code - (512 << 10)), 1 << 20)\nprint(getpid())"),
        Attack("writes over its code by way of /proc/self/mem", "died: ", "let f = open(\"/proc/self/mem\", O_RDWR)\nlet code = Int(bitPattern: dlsym(nil, \"getpid\")!)\nvar zeros = [UInt8](repeating: 0x06, count: 64)\npwrite(f, &zeros, 64, code)\nprint(getpid())"),
        Attack("jumps to where no stack is any more", "died: ", "let jump = dlsym(nil, \"longjmp\")!\ntypealias Jump = @convention(c) (UnsafeMutableRawPointer, Int32) -> Void\nlet place = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 16)\nmemset(place, 0x41, 4096)\nunsafeBitCast(jump, to: Jump.self)(place, 1)"),
    ])
}
