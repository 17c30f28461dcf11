using System.Buffers.Binary;
using System.Text;
using DeepNet.IO;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.IO;

/// <summary>
/// Files damaged by the thousand, at random from fixed seeds: each loads or is refused with its name and the byte, no memory is
/// taken beyond a small multiple of the file, and a checkpoint that is refused has changed nothing.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private const int Mutations = 1000;

    // A header of n bytes can describe n/60 tensors, each of a few objects; messages and the reader's own buffers come on top.
    private const long AllocatedPerByte = 40, AllocatedAtLeast = 200_000;

    // Words that a mutation puts in the place of others.
    private static readonly string[] Words =
    [
        "-1", "0", "1e9", "9223372036854775807", "-9223372036854775808", "18446744073709551616", "4294967296", "1.5", "\"NaN\"", "NaN",
            "null", "true", "[", "]", "{", "}", ",", ":",
        "\"", "\\", "[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "\"F64\"", "\"U8\"", "\"dtype\"", "\"shape\"", "__metadata__", "\\ud800", "\0",
            "\"x\":", "[0,0]", "model/", "default",
    ];

    private readonly TempFolder folder = new();
    private readonly GeneratorState before = Generator.Default.State;

    public void Dispose()
    {
        Generator.Default.State = before;
        folder.Dispose();
    }

    [Fact]
    public void Of_a_safetensors_file_each_byte_may_be_missing_from_the_end()
    {
        byte[] file = Weights();
        for (int length = 0; length < file.Length; length++) AssertRefused(file[..length]);
    }

    [Fact]
    public void Of_a_safetensors_file_each_bit_may_be_flipped()
    {
        byte[] file = Weights();
        int header = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        for (int bit = 0; bit < header * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << bit % 8);
            LoadOrRefuse(file);
            file[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Fact]
    public void A_mutated_safetensors_file_loads_or_is_refused()
    {
        byte[] file = Weights();
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
            if (!LoadOrRefuse(Mutate(file, random))) refused++;
        Assert.InRange(refused, Mutations / 2, Mutations);
    }

    [Fact]
    public void Random_bytes_are_refused()
    {
        var random = new Random(2);
        for (int i = 0; i < 500; i++)
        {
            byte[] file = new byte[random.Next(200)];
            random.NextBytes(file);
            if (i % 2 == 0 && file.Length > 9)
            {
                BinaryPrimitives.WriteInt64LittleEndian(file, random.Next(file.Length - 8));   // past the first check
                file[8] = (byte)'{';
            }
            AssertRefused(file);
        }
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_and_nothing_changes()
    {
        var (checkpoint, file) = Run();
        string state = State(checkpoint);
        var random = new Random(3);
        int same = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] mutated = i < Mutations / 2 ? Mutate(file, random) : MutateData(file, random);
            if (mutated.AsSpan().SequenceEqual(file)) continue;
            if (TryLoad(checkpoint, mutated)) same++;
        }
        for (int length = 0; length < file.Length; length += 1 + length / 100) Assert.False(TryLoad(checkpoint, file[..length]));
        Assert.Equal(state, State(checkpoint));
        Assert.InRange(same, 0, Mutations / 50);                    // what a reader skips, such as padding, may differ
        File.WriteAllBytes(folder["run"], file);
        checkpoint.Load(folder["run"]);
    }

    [Fact]
    public void A_description_that_was_forged_with_its_checksum_is_refused_in_every_part()
    {
        var (checkpoint, file) = Run();
        File.WriteAllBytes(folder["run"], file);
        var tensors = SafeTensors.Load(folder["run"], out var metadata);
        string json = metadata["deepnet.checkpoint"], state = State(checkpoint);
        var random = new Random(4);
        for (int i = 0; i < Mutations / 2; i++)
        {
            byte[] text = MutateText(Encoding.UTF8.GetBytes(json), random);
            string forged = Encoding.UTF8.GetString(text);
            var crc = new Crc32C();
            crc.Add(Encoding.UTF8.GetBytes(forged));
            foreach (var (name, tensor) in tensors)
            {
                crc.Add(Encoding.UTF8.GetBytes($"{name} {SafeTensorsTypes.NameOf(tensor.DType)} {tensor.Shape}"));
                Elements.Visit(tensor, crc.Add);
            }
            var entries = SafeTensors.InFileOrder(tensors);
            byte[] header = SafeTensorsHeader.Write(
                entries, new OrderedDictionary<string,
                string>
                { ["deepnet.checkpoint"] = forged, ["deepnet.crc32c"] = crc.Value.ToString("x8", null) });
            File.WriteAllBytes(folder["forged"], [.. header, .. file[(8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file))..]]);
            try
            {
                checkpoint.Load(folder["forged"]);
                File.WriteAllBytes(folder["run"], file);            // a number that is merely another one
                checkpoint.Load(folder["run"]);
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                Assert.Contains(folder["forged"], e.Message, StringComparison.Ordinal);
            }
            Assert.Equal(state, State(checkpoint));
        }
    }

    private byte[] Weights()
    {
        SafeTensors.Save(folder["good"],
        [
            new("layer.weight", Tensor.Ones(3, 4)), new("layer.bias", Tensor.Ones(4)),
                new("steps", Tensor.Zeros(Shape.Scalar, DType.Int64)),
            new("empty", Tensor.Zeros(0, 7)), new("mask", Tensor.Zeros(new Shape(5), DType.Bool)),
        ], new Dictionary<string, string> { ["format"] = "pt" });
        return File.ReadAllBytes(folder["good"]);
    }

    private (Checkpoint, byte[]) Run()
    {
        var model = new Sequential(new Linear(3, 4), new BatchNorm1d(4));
        var optimizer = new Adam(model.Parameters());
        model.Forward(Tensor.Rand(new Shape(5, 3))).Sum().Backward();
        optimizer.Step();
        var checkpoint = new Checkpoint
        {
            Model = model, Optimizer = optimizer, Schedule = new ReduceOnPlateau(optimizer),
            Average = new ExponentialAverage(model.Parameters()), Generator = new Generator(3), Step = 7,
        };
        checkpoint.Numbers["best"] = double.NaN;
        checkpoint.Texts["name"] = "run";
        checkpoint.Tensors["order"] = Tensor.RandPerm(5);
        checkpoint.Save(folder["run"]);
        return (checkpoint, File.ReadAllBytes(folder["run"]));
    }

    /// <summary>All of a checkpoint's objects as text, through the states they would save.</summary>
    private static string State(Checkpoint checkpoint)
    {
        var text = new StringBuilder();
        foreach (var (name, tensor) in checkpoint.Model!.State()) text.Append(name).Append(Bits(tensor));
        foreach (var state in new[] { checkpoint.Optimizer!.SaveState(), checkpoint.Schedule!.SaveState(),
            checkpoint.Average!.SaveState() })
        {
            foreach (var (name, number) in state.Numbers) text.Append(name).Append(BitConverter.DoubleToInt64Bits(number));
            foreach (var (name, tensor) in state.Tensors) text.Append(name).Append(Bits(tensor));
        }
        text.Append(checkpoint.Generator!.State).Append(Generator.Default.State).Append(checkpoint.Epoch).Append(checkpoint.Step)
            .Append(checkpoint.Position);
        text.AppendJoin(',', checkpoint.Numbers).AppendJoin(',', checkpoint.Texts).AppendJoin(',', checkpoint.Tensors.Keys);
        return text.ToString();
    }

    private static uint Bits(Tensor tensor)
    {
        var crc = new Crc32C();
        Elements.Visit(tensor, crc.Add);
        return crc.Value;
    }

    private bool TryLoad(Checkpoint checkpoint, byte[] file)
    {
        File.WriteAllBytes(folder["run"], file);
        try
        {
            checkpoint.Load(folder["run"]);
            return true;
        }
        catch (InvalidDataException e)
        {
            Assert.Contains(folder["run"], e.Message, StringComparison.Ordinal);
            Assert.Matches(@"\(byte \d+\)\.$", e.Message);
            return false;
        }
    }

    private void AssertRefused(byte[] file) => Assert.False(LoadOrRefuse(file));

    private bool LoadOrRefuse(byte[] file)
    {
        File.WriteAllBytes(folder["bad"], file);
        long live = Memory.LiveBytes, allocated = GC.GetAllocatedBytesForCurrentThread();
        Memory.ResetPeak();
        bool loaded = true;
        using (Memory.Scope())
        {
            try
            {
                SafeTensors.Load(folder["bad"]);
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith($"[safetensors] {folder["bad"]} ", e.Message, StringComparison.Ordinal);
                Assert.Matches(@"\(byte \d+\)\.$", e.Message);
                loaded = false;
            }
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, AllocatedAtLeast + AllocatedPerByte * file.Length);
        if (!loaded) Assert.InRange(Memory.LiveBytes - live, long.MinValue, 0);
        return loaded;
    }

    private static byte[] Mutate(byte[] file, Random random)
    {
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        byte[] text = MutateText(file[8..(8 + header)], random);
        byte[] data = file[(8 + header)..];
        if (random.Next(8) == 0) data = data[..random.Next(data.Length)];
        if (random.Next(8) == 0) data = [.. data, .. new byte[random.Next(1, 20)]];
        // The length goes along, mostly: otherwise nothing but the length would be tested.
        long length = random.Next(8) == 0 ? random.NextInt64(-5, header * 2) : text.Length;
        if (random.Next(50) == 0) length = random.NextInt64(long.MinValue, long.MaxValue);
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, length);
        return [.. prefix, .. text, .. data];
    }

    private static byte[] MutateData(byte[] file, Random random)
    {
        int start = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        byte[] mutated = [.. file];
        mutated[random.Next(start, file.Length)] ^= (byte)(1 << random.Next(8));
        return mutated;
    }

    private static byte[] MutateText(byte[] text, Random random)
    {
        var mutated = text.ToList();
        for (int times = random.Next(1, 4); times > 0 && mutated.Count > 0; times--)
        {
            int at = random.Next(mutated.Count), count = Math.Min(random.Next(1, 12), mutated.Count - at);
            switch (random.Next(7))
            {
                case 0: mutated[at] = (byte)random.Next(256); break;
                case 1: mutated[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: mutated.RemoveRange(at, count); break;
                case 3: mutated.InsertRange(random.Next(mutated.Count), mutated.GetRange(at, count)); break;
                case 4: mutated.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)])); break;
                case 5: ReplaceNumber(mutated, at, random); break;
                default:
                    mutated.RemoveRange(at, count);
                    mutated.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]));
                    break;
            }
        }
        return [.. mutated];
    }

    // Lying sizes: the JSON stays right, one number in it does not.
    private static void ReplaceNumber(List<byte> text, int from, Random random)
    {
        int at = text.FindIndex(from, b => b is >= (byte)'0' and <= (byte)'9');
        if (at < 0) return;
        int end = at;
        while (end < text.Count && text[end] is >= (byte)'0' and <= (byte)'9') end++;
        text.RemoveRange(at, end - at);
        string number = random.Next(
            3) switch
        { 0 => $"{random.Next(100)}", 1 => $"{1L << random.Next(63)}", _ => $"{-random.NextInt64(100)}" };
        text.InsertRange(at, Encoding.UTF8.GetBytes(number));
    }
}
