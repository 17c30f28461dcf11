using DeepNet.IO;
using DeepNet.Nn;

namespace DeepNet.Tests.IO;

/// <summary>Files that somebody made to do harm are refused, at little cost and with nothing a terminal would obey.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string Write(string header, int dataBytes)
    {
        File.WriteAllBytes(folder["file"], FormatByHand.Write(header, new byte[dataBytes]));
        return folder["file"];
    }

    private static string Entry(string name, int at) => $$"""{{name}}:{"dtype":"F32","shape":[1],"data_offsets":[{{at}},{{at + 4}}]}""";

    [Fact]
    public void Limits_are_kept()
    {
        string path = Write($$"""{{{Entry("\"a\"", 0)}},{{Entry("\"b\"", 4)}}}""", 8);
        Assert.Equal(2, SafeTensors.Load(path, limits: new ReadLimits { MaxTensors = 2 }).Count);
        var error = Assert.Throws<InvalidDataException>(() => SafeTensors.Load(path, limits: new ReadLimits { MaxTensors = 1 }));
        Assert.Contains("holds more than 1 tensors, the ReadLimits.MaxTensors", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidDataException>(() => SafeTensors.Describe(path, new ReadLimits { MaxHeaderBytes = 100 }));
        Assert.Contains("ReadLimits.MaxHeaderBytes is 100", error.Message, StringComparison.Ordinal);
        var checkpoint = new Checkpoint { Model = new Linear(2, 3) };
        checkpoint.Save(folder["run"]);
        checkpoint.Limits = new ReadLimits { MaxTensors = 1 };
        Assert.Throws<InvalidDataException>(() => checkpoint.Load(folder["run"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/weight")]
    [InlineData("weight")]
    public void A_checkpoint_with_a_tensor_outside_of_its_sections_is_refused(string name)
    {
        new Checkpoint { Model = new Linear(1, 1) }.Save(folder["run"]);
        SafeTensors.Load(folder["run"], out var metadata);
        SafeTensors.Save(folder["forged"], [new(name, Tensor.Ones(1))], metadata);
        var error = Assert.Throws<InvalidDataException>(() => new Checkpoint { Model = new Linear(1, 1) }.Load(folder["forged"]));
        Assert.Contains($"holds a tensor '{name}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_becomes_shorter_while_it_is_read_is_refused()
    {
        string path = Write("{}", 0);
        var error = Assert.Throws<InvalidDataException>(() => SafeTensors.Read(path, stream =>
        {
            stream.Position = 4;
            stream.ReadExactly(new byte[100]);
            return 0;
        }));
        Assert.Contains("became shorter while it was read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_is_refused_and_not_waited_for()
    {
        if (!OperatingSystem.IsLinux()) return;
        using (var make = System.Diagnostics.Process.Start("mkfifo", [folder["pipe"]])) make.WaitForExit();
        Assert.Contains(
            "a pipe", Assert.Throws<InvalidDataException>(() => SafeTensors.Load(folder["pipe"])).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => SafeTensors.Describe("/dev/zero"));
        Assert.Throws<InvalidDataException>(() => new Checkpoint().Load(folder["pipe"]));
        Assert.Null(UnixFiles.SpecialKind(folder.Root));
        Assert.Null(UnixFiles.SpecialKind(Write("{}", 0)));
        Assert.Null(UnixFiles.SpecialKind(folder["missing"]));
        File.CreateSymbolicLink(folder["link"], "/dev/null");
        Assert.NotNull(UnixFiles.SpecialKind(folder["link"]));
    }

    [Fact]
    public void Names_do_not_reach_the_terminal_as_commands()
    {
        const string Name = "a\\u001b]0;title\\u0007\\u202e\\ud83d\\ude00";
        string path = Write($$"""{{{Entry($"\"{Name}\"", 0)}}}""", 4);
        var tensors = SafeTensors.Load(path);
        var difference = Assert.Throws<ArgumentException>(() => new Linear(1, 1, bias: false).LoadState(tensors));
        Assert.Contains("unexpected: a?]0;title??😀", difference.Message, StringComparison.Ordinal);
        Assert.Contains(
            "'a?]0;title??😀'", Assert.Throws<InvalidDataException>(() => SafeTensors.Load(Write($$"""{"{{Name}}":1}""", 0))).Message,
            StringComparison.Ordinal);
        foreach (string escape in (string[])["\u001b[2J", "\u009b2J", "\u0000", "\u007f", "\u2028", "\u2066"])
        {
            var model = new Sequential();
            model.Add(escape, new Linear(1, 1));
            Assert.DoesNotContain(escape[0], model.Summary(new Shape(1, 1)));
        }
    }

    [Fact]
    public void Harmless_text_stays_the_object_it_is()
    {
        string text = "größe 重み 😀\n\tnext\r\nline";
        Assert.Same(text, Printable.Text(text));
        Assert.Equal("größe 重み 😀??next??line", Printable.Line(text));
        Assert.Equal("a?b?", Printable.Text("a\rb\ud83d"));
        Assert.Equal("?", Printable.Line("\ude00"));
        Assert.Equal("??", Printable.Line("\u001b\u0085"));
    }
}
