using System.Buffers.Binary;
using DeepNet.IO;
using DeepNet.Nn;

namespace DeepNet.Tests.IO;

/// <summary>Weights to and from streams, those that cannot seek too.</summary>
public class StreamTests
{
    /// <summary>A stream that gives a few bytes at a time and does not seek, as a network does.</summary>
    private sealed class Pipe(Stream inner, int most = 1000) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(count, most));
        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
        public override void Flush() => inner.Flush();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }

    private static Sequential Model(ulong seed)
    {
        var generator = new Generator(seed);
        return new Sequential(new Linear(3, 500, generator: generator), new BatchNorm1d(500), new Linear(500, 700, generator: generator));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Models_one_after_the_other_come_back(bool isPipe)
    {
        using var memory = new MemoryStream();
        Stream Open() => isPipe ? new Pipe(memory) : memory;
        memory.Write([1, 2, 3]);
        Model(1).Save(Open());
        Model(2).Save(Open(), new Dictionary<string, string> { ["epoch"] = "7" });
        memory.WriteByte(42);
        memory.Position = 3;
        Sequential first = Model(3), second = Model(3);
        Assert.True(first.Load(Open()).IsEmpty);
        var state = SafeTensors.Load(Open(), out var metadata);
        Assert.Equal("7", metadata["epoch"]);
        second.LoadState(state);
        Assert.Equal(42, memory.ReadByte());
        Assert.Equal(-1, memory.ReadByte());
        foreach (var (seed, loaded) in new[] { (1ul, first), (2ul, second) })
            foreach (var (name, tensor) in Model(seed).State()) Assert.Equal(tensor.ToArray(), loaded.State()[name].ToArray());
        Assert.True(memory.CanRead);
    }

    [Fact]
    public void A_stream_has_the_bytes_of_a_file()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var memory = new MemoryStream();
            Model(1).Save(memory);
            Model(1).Save(path);
            Assert.Equal(File.ReadAllBytes(path), memory.ToArray());
            using var file = File.OpenRead(path);
            Assert.True(Model(2).Load(file).IsEmpty);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stream_that_ends_early_is_refused(bool isPipe)
    {
        using var whole = new MemoryStream();
        Model(1).Save(whole);
        foreach (int length in new[] { 0, 5, 8, 100, (int)whole.Length / 2, (int)whole.Length - 1 })
        {
            using var cut = new MemoryStream(whole.ToArray()[..length]);
            var model = Model(2);
            Assert.StartsWith("[safetensors] the stream",
                Assert.Throws<InvalidDataException>(() => model.Load(isPipe ? new Pipe(cut) : cut)).Message);
            Assert.Equal(Model(2).State()["0.weight"].ToArray(), model.State()["0.weight"].ToArray());
        }
    }

    [Fact]
    public void Memory_is_not_taken_for_what_a_stream_only_claims()
    {
        byte[] header = """{"w":{"dtype":"F32","shape":[1048576,1048576],"data_offsets":[0,4398046511104]}}"""u8.ToArray();
        byte[] bytes = new byte[8 + header.Length + 100];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        long live = Memory.LiveBytes;
        Assert.Contains("ends before its last tensor",
            Assert.Throws<InvalidDataException>(() => SafeTensors.Load(new Pipe(new MemoryStream(bytes)))).Message,
            StringComparison.Ordinal);
        Assert.Contains("It is cut off or was altered",
            Assert.Throws<InvalidDataException>(() => SafeTensors.Load(new MemoryStream(bytes))).Message, StringComparison.Ordinal);
        Assert.Equal(live, Memory.LiveBytes);
    }

    [Fact]
    public void Limits_hold()
    {
        using var memory = new MemoryStream();
        Model(1).Save(memory);
        foreach (var limits in new[] { new ReadLimits { MaxTensors = 2 }, new ReadLimits { MaxHeaderBytes = 100 } })
        {
            memory.Position = 0;
            Assert.Throws<InvalidDataException>(() => Model(2).Load(new Pipe(memory), limits: limits));
            memory.Position = 0;
            Assert.Throws<InvalidDataException>(() => SafeTensors.Load(memory, limits: limits));
        }
    }

    [Fact]
    public void Nothing_is_written_if_a_name_cannot_be()
    {
        using var memory = new MemoryStream();
        Assert.Throws<ArgumentException>(() => SafeTensors.Save(memory,
            [new("a", Tensor.Ones(1)), new("a", Tensor.Ones(1))]));
        Assert.Equal(0, memory.Length);
    }
}
