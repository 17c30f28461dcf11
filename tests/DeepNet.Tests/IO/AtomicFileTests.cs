using System.Runtime.Versioning;
using DeepNet.IO;

namespace DeepNet.Tests.IO;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_folder_is_made_and_nothing_but_the_file_is_left()
    {
        string path = folder[Path.Combine("a", "b", "file")];
        Write(path, 1);
        Write(path, 2);
        Assert.Equal([2], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_says_which()
    {
        Write(folder["file"], 1);
        var full = Assert.Throws<IOException>(() => AtomicFile.Write(folder["file"], stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException("No space left on device");
        }));
        Assert.Equal($"[save] {folder["file"]} could not be written; the old file is as it was: No space left on device", full.Message);
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["file"], _ => throw new InvalidOperationException()));
        Assert.Equal([1], File.ReadAllBytes(folder["file"]));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_or_a_file_in_that_of_the_folder_is_an_error_that_names_it()
    {
        Directory.CreateDirectory(folder["taken"]);
        Assert.Contains(
            $"{folder["taken"]} is a folder", Assert.Throws<IOException>(() => Write(folder["taken"], 1)).Message,
            StringComparison.Ordinal);
        Write(folder["file"], 1);
        string inside = Path.Combine(folder["file"], "x");
        Assert.Contains(inside, Assert.Throws<IOException>(() => Write(inside, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Through_a_link_its_target_is_written_and_permissions_stay()
    {
        if (OperatingSystem.IsWindows()) return;          // links need rights there
        Directory.CreateDirectory(folder["data"]);
        string target = folder[Path.Combine("data", "target")];
        File.CreateSymbolicLink(folder["link"], Path.Combine("data", "target"));
        Write(folder["link"], 1);                         // the target is made
        Assert.Equal([1], File.ReadAllBytes(target));
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Write(folder["link"], 2);
        Assert.Equal([2], File.ReadAllBytes(target));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
        Assert.NotNull(new FileInfo(folder["link"]).LinkTarget);
        Assert.Single(Directory.GetFiles(folder["data"]));
    }

    [Fact]
    public void What_dead_processes_left_is_cleared_and_what_living_ones_write_is_not()
    {
        string start = AtomicFile.TemporaryStart(folder["file"]);
        string dead = Left($"{start}0123456789ab.tmp", minutes: 5), living = Left($"{start}ba9876543210.tmp", minutes: 5);
        string[] others = [Left($"{start}aaaaaaaaaaaa.tmp", minutes: 0), Left(".other.0123456789ab.tmp", minutes: 5),
            Left("file.tmp", minutes: 5)];
        using (new FileStream(living, FileMode.Open, FileAccess.Write, FileShare.None)) Write(folder["file"], 1);
        Assert.False(File.Exists(dead));
        Assert.True(File.Exists(living));
        Assert.All(others, other => Assert.True(File.Exists(other)));
        Write(folder["file"], 2);
        Assert.False(File.Exists(living));
    }

    [Fact]
    public async Task Of_many_writers_at_once_one_wins_whole()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(w => Task.Run(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                AtomicFile.Write(folder["file"], stream =>
                {
                    for (int part = 0; part < 20; part++) stream.Write(Enumerable.Repeat((byte)w, 5000).ToArray());
                });
                byte[] seen = File.ReadAllBytes(folder["file"]);
                Assert.Equal(100_000, seen.Length);
                Assert.Single(seen.Distinct());
            }
        })));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Theory]
    [InlineData("/dev/null", "a device")]
    [InlineData("/dev/full", "a device")]
    [InlineData("pipe", "a pipe")]
    [InlineData("link", "a pipe")]
    public void What_is_no_file_is_refused_and_stays_what_it_is(string name, string kind)
    {
        if (!OperatingSystem.IsLinux()) return;
        System.Diagnostics.Process.Start("mkfifo", folder["pipe"]).WaitForExit();
        File.CreateSymbolicLink(folder["link"], "pipe");
        string path = Path.Combine(folder.Root, name);
        string text = Assert.Throws<IOException>(() => Write(path, 1)).Message;
        Assert.Equal($"[save] {path} is {kind}, and only files are replaced as a whole. Save to a file, and copy that.", text);
        Assert.Equal(kind, UnixFiles.SpecialKind(path));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Root).Length);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_private_file_is_private_while_it_is_written()
    {
        if (OperatingSystem.IsWindows()) return;
        Write(folder["file"], 1);
        var own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var open = own | UnixFileMode.GroupRead | UnixFileMode.OtherWrite;       // more than the umask leaves
        foreach (var mode in new[] { own, open })
        {
            File.SetUnixFileMode(folder["file"], mode);
            AtomicFile.Write(folder["file"], stream =>
            {
                Assert.Equal(mode, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(folder.Root, "*.tmp"))));
                stream.WriteByte(2);
            });
            Assert.Equal(mode, File.GetUnixFileMode(folder["file"]));
        }
    }

    [Theory]
    [InlineData("a", 255)]
    [InlineData("a", 240)]
    [InlineData("ä", 127)]
    [InlineData("😀", 63)]
    public void Names_may_be_as_long_as_the_file_system_allows(string letter, int count)
    {
        string path = folder[string.Concat(Enumerable.Repeat(letter, count))];
        Write(path, 1);
        Write(path, 2);
        Assert.Equal([2], File.ReadAllBytes(path));
        Assert.Equal(path, Assert.Single(Directory.GetFiles(folder.Root)));
    }

    private string Left(string name, int minutes)
    {
        File.WriteAllBytes(folder[name], [9]);
        File.SetLastWriteTimeUtc(folder[name], DateTime.UtcNow.AddMinutes(-minutes));
        return folder[name];
    }

    private static void Write(string path, byte value) => AtomicFile.Write(path, stream => stream.WriteByte(value));
}
