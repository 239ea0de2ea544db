import Foundation
import Testing
@testable import Workspace

/// One after the other: whom certificates are believed holds for the whole process.
@Suite("Other repositories, over https", .serialized, .enabled(if: HTTPSServer.isPossible))
struct HTTPSTests {
    private func expect(_ code: GitError.Code, _ part: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void) {
        #expect(sourceLocation: sourceLocation) { try body() } throws: { error in
            guard let error = error as? GitError else { return false }
            return error.code == code && error.description.contains(part) && !error.description.contains("secret")
        }
    }

    @Test("A branch is fetched and a submission sent, with what the person's credential helper knows; Etude keeps none of it")
    func helper() throws {
        let server = try HTTPSServer(RemoteTests.course + "\ncd .. && git init -q --bare hand-in.git && git -C hand-in.git config http.receivepack true && git -C course update-ref refs/etude/submissions/c/1/1 main")
        var transfer = try server.transfer(helper: "echo $1 >> $HOME/asked; cat >> $HOME/asked; [ $1 = get ] && printf 'username=lea\\npassword=secret\\n'")
        transfer.ask = { _, _ in Issue.record("the helper knows"); return nil }
        let (mirror, head) = try server.fetch("closed/course", transfer)
        #expect(try mirror.files(at: head.commit, under: "exercises").files.count == 2)
        try Remote.push("refs/etude/submissions/c/1/1", of: server.place.open("course"), to: server.url("closed/hand-in.git"), transfer)
        #expect(try server.place.shell("git -C hand-in.git rev-parse refs/etude/submissions/c/1/1") == server.place.shell("git -C course rev-parse main"))
        let asked = try server.place.shell("cat ../home/asked")
        #expect(asked.contains("get\n") && asked.contains("store\n") && asked.contains("host=localhost:\(server.port)") && !asked.contains("erase"))
        #expect(try server.place.shell("grep -rl secret mirror.git course/.git hand-in.git || [ $? -eq 1 ]") == "")
    }

    @Test("Without a helper the person is asked, who has three tries; without a person there is a sentence")
    func person() throws {
        let server = try HTTPSServer(RemoteTests.course)
        var transfer = try server.transfer()
        #expect(try server.fetch("open/course", transfer).head.name == "refs/heads/main")
        expect(.denied, "credential helper does not know") { _ = try server.fetch("closed/course", transfer) }
        var questions: [String] = []
        transfer.ask = { question, isSecret in
            questions.append(question)
            return !isSecret ? "lea" : questions.count < 4 ? "wrong" : "secret"
        }
        #expect(try server.fetch("closed/course", transfer).head.name == "refs/heads/main")
        #expect(questions == ["User name for localhost: ", "Password or token of lea for localhost: ", "User name for localhost: ", "Password or token of lea for localhost: "])
        transfer.ask = { _, isSecret in isSecret ? "wrong" : "lea" }
        expect(.denied, "does not take the name and password") { _ = try server.fetch("closed/course", transfer) }
    }

    @Test("A server that can't show who it is, sends one elsewhere, or has no such repository: a sentence, and nothing is sent")
    func refused() throws {
        let server = try HTTPSServer(RemoteTests.course), other = try HTTPSServer("true")
        expect(.unreachable, "http.sslCAInfo") { _ = try server.fetch("open/course", other.transfer(helper: "touch $HOME/asked; printf 'username=lea\\npassword=secret\\n'")) }
        #expect(try other.place.shell("ls ../home") == "helper")
        let transfer = try server.transfer()
        expect(.notFound, "no such repository") { _ = try server.fetch("open/none", transfer) }
        expect(.refused, "another one") { _ = try server.fetch("moved/course", transfer) }
        expect(.unreachable, "network") { _ = try Remote.fetchBranch(of: GitURL("https://localhost:1/course"), into: .openBare(at: server.place.folder + "/mirror.git"), transfer) }
        #expect(try server.place.shell("git -C mirror.git for-each-ref; find mirror.git/objects -type f") == "")
    }

    @Test("A server that says nothing gives a sentence in time; Ctrl-C does at once")
    func silent() throws {
        let server = try HTTPSServer(RemoteTests.course)
        var transfer = try server.transfer()
        transfer.patience = .seconds(1)
        expect(.unreachable, "has said nothing") { _ = try server.fetch("silent/course", transfer) }
        let start = ContinuousClock.now
        transfer.patience = .seconds(100)
        transfer.isCancelled = { ContinuousClock.now > start + .seconds(1) }
        expect(.cancelled, "stopped") { _ = try server.fetch("silent/course", transfer) }
    }
}
