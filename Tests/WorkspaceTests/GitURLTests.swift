import Foundation
import Testing
@testable import Workspace

@Suite("Addresses of repositories")
struct GitURLTests {
    @Test("What a person types is read, and can be written down", arguments: [
        ("https://example.org/course.git", GitURL.Place.https(address: "https://example.org/course.git"), "https://example.org/course.git"),
        ("https://me@example.org:8443/a/course", .https(address: "https://me@example.org:8443/a/course"), "https://me@example.org:8443/a/course"),
        ("ssh://git@example.org:2222/srv/course.git", .ssh(user: "git", host: "example.org", port: 2222, path: "/srv/course.git"), "ssh://git@example.org:2222/srv/course.git"),
        ("ssh://[::1]:22/course", .ssh(user: nil, host: "[::1]", port: 22, path: "/course"), "ssh://[::1]:22/course"),
        ("ssh://example.org/~me/a%20b", .ssh(user: nil, host: "example.org", port: nil, path: "~me/a b"), "example.org:~me/a b"),
        ("git@example.org:me/course.git", .ssh(user: "git", host: "example.org", port: nil, path: "me/course.git"), "git@example.org:me/course.git"),
        ("example.org:/srv/course", .ssh(user: nil, host: "example.org", port: nil, path: "/srv/course"), "ssh://example.org/srv/course"),
        ("file:///srv/a%20course", .folder("/srv/a course"), "/srv/a course"),
        ("file://localhost/srv/course", .folder("/srv/course"), "/srv/course"),
        ("/srv/course.git", .folder("/srv/course.git"), "/srv/course.git"),
        ("../course", .folder("/home/course"), "/home/course"),
        ("./a:b", .folder("/home/me/a:b"), "/home/me/a:b"),
    ])
    func addresses(_ text: String, _ place: GitURL.Place, _ written: String) throws {
        let url = try GitURL(text, relativeTo: "/home/me")
        #expect(url.place == place)
        #expect(url.branch == nil)
        #expect(url.description == written)
        #expect(try GitURL(written) == url)
    }

    @Test("After a # comes a branch or a tag, unless a folder has the # in its name")
    func branches() throws {
        #expect(try GitURL("https://example.org/c.git#autumn/2026").branch == "autumn/2026")
        #expect(try GitURL("git@example.org:c.git#v1").description == "git@example.org:c.git#v1")
        let folder = NSTemporaryDirectory() + "etude-c#-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try GitURL(folder).place == .folder(folder))
        for bad in ["", "-x", "a..b", "a b", "x.lock", "/"] { #expect(throws: GitError.self) { try GitURL("https://example.org/c#\(bad)") } }
    }

    @Test("What could run a program, change on its way or hold a secret is refused with what to write instead", arguments: [
        ("http://example.org/c.git", "https://"), ("git://example.org/c.git", "https://"), ("ext::sh -c evil", "program"), ("fd::17", "program"),
        ("--upload-pack=evil", "not an address"), ("-oProxyCommand=evil:x", "not an address"), ("ssh://-oProxyCommand=evil/x", "no host"), ("-x@example.org:c", "not an address"),
        ("ftp://example.org/c", "does not know"), ("https://example.org", "no path"), ("https:///c", "no host"), ("ssh://example.org:99999/c", "no host"),
        ("https://me:secret@example.org/c", "credential helper"), ("https://me%3Asecret@example.org/c", "credential helper"), ("https://example.org/c?token=secret", "after which"), ("ssh://example.org/c%00d", "shell"), ("https://ghp_0123456789@example.org/c", "credential helper"), ("ssh://git:secret@example.org/c", "password"),
        ("git@example.org:a'$(evil)'", "shell"), ("git@example.org:-c", "shell"), ("git@example.org:", "no path"), ("https://exa\u{202E}mple.org/c", "can't be seen"), ("https://example.org/c\n", "can't be seen"),
        ("https://example.org\\@evil.org/c", "no host"), ("file://server/share", "absolute"), ("file:///a%00b", "absolute"), ("ssh://example.org/%zz", "%25"), ("", "not an address"),
    ])
    func refused(_ text: String, _ part: String) {
        #expect { try GitURL(text) } throws: { error in
            let message = (error as? GitError)?.description ?? ""
            return message.contains(part) && !message.contains("secret") && !message.contains("ghp_") && message.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        }
    }

    @Test("A course's name and a path of a notebook are not taken for an address")
    func meant() {
        for text in ["embeddings", "embeddings/1", "my course"] { #expect(!GitURL.isMeant(by: text)) }
        for text in ["https://a/b", "git@a:b", "ext::x", "/a", "./a", "../a", "file:///a"] { #expect(GitURL.isMeant(by: text)) }
    }
}
