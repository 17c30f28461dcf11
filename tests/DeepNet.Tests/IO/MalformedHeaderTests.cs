using DeepNet.IO;

namespace DeepNet.Tests.IO;

/// <summary>Files that say something wrong on purpose: each is refused with its reason and place.</summary>
public sealed class MalformedHeaderTests : IDisposable
{
    private const string Good = """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, int, string> Headers => new()
    {
        { """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"x":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", 8,
            "names 'x' twice (byte 62)" },
        { """{"__metadata__":{},"__metadata__":{},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8,
            "names '__metadata__' twice (byte 27)" },
        { """{"__metadata__":{"a":"1","a":"2"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "has metadata 'a' twice" },
        { """{"__metadata__":{"a":1}}""", 0, "has metadata 'a' that is not a string (byte 29)" },
        { """{"__metadata__":{"a":{"b":"c"}}}""", 0, "has metadata 'a' that is not a string" },
        { """{"x":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8,
            "has an unexpected 'dtype' in the description of 'x'" },
        { """{"x":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}""", 8, "has an unexpected 'shape'" },
        { """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}""", 8, "has an unexpected 'more'" },
        { """{"x":{"dtype":"F32","shape":[2]}}""", 8, "without a dtype, a shape and two data_offsets" },
        { """{"x":{"dtype":"F32","shape":[2],"data_offsets":[8]}}""", 8, "without a dtype, a shape and two data_offsets" },
        { """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}""", 8, "more than 2 data_offsets" },
        { """{"x":{"dtype":32,"shape":[2],"data_offsets":[0,8]}}""", 8, "has an unexpected 'dtype'" },
        { """{"x":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", 8, "holds 'x' as 'F31', which is not one of" },
        { """{"x":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""", 8, "holds 'x' as 'f32'" },
        { """{"x":{"dtype":"F32","shape":"2","data_offsets":[0,8]}}""", 8, "has an unexpected 'shape'" },
        { """{"x":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", 8, "other than whole numbers" },
        { """{"x":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8, "other than whole numbers" },
        { """{"x":{"dtype":"F32","shape":[1e400],"data_offsets":[0,8]}}""", 8, "other than whole numbers" },
        { """{"x":{"dtype":"F32","shape":[NaN],"data_offsets":[0,8]}}""", 8, "not valid JSON" },
        { """{"x":{"dtype":"F32","shape":["NaN"],"data_offsets":[0,8]}}""", 8, "other than whole numbers" },
        { """{"x":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}""", 8, "other than whole numbers" },
        { """{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "the shape (-2) of F32" },
        { """{"x":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}""", 8, "the shape (-1, -2) of F32" },
        { """{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "the shape (3) of F32, which does not take the 8 bytes" },
        { """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", 8, "the shape (1) of F32" },
        { """{"x":{"dtype":"F32","shape":[],"data_offsets":[0,8]}}""", 8, "the shape () of F32" },
        { """{"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "the shape (4294967296" },
        { """{"x":{"dtype":"F32","shape":[65536,65536,65536,65536],"data_offsets":[0,0]}}""", 0, "the shape (65536" },
        { """{"x":{"dtype":"F32","shape":[0,2147483647,2147483647,2147483647],"data_offsets":[0,0]}}""", 0, "the shape (0, 2147483647" },
        { """{"x":{"dtype":"F32","shape":[2147483647,2147483647,2147483647,0],"data_offsets":[0,0]}}""", 0, "the shape (2147483647" },
        { """{"x":{"dtype":"F64","shape":[2147483647,1073741824],"data_offsets":[0,8]}}""", 8, "the shape (2147483647" },
        { """{"x":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8]}}""", 8, "other than whole numbers" },
        { """{"x":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", 8, "more than 16 axes" },
        { """{"x":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "at bytes -8 to 0 of 8" },
        { """{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "at bytes 8 to 0 of 8" },
        { """{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", 8, "at bytes 0 to 12 of 8 that there are" },
        { """{"x":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775807,9223372036854775807]}}""", 8,
            "at bytes 9223372036854775807" },
        { """{"x":{"dtype":"F32","shape":[2305843009213693952],"data_offsets":[0,9223372036854775807]}}""", 8,
            "at bytes 0 to 9223372036854775807" },
        { """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12,
            "lets 'y' overlap" },
        { """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "overlap" },
        { """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""", 8,
            "lets 'y' overlap" },
        { """{"x":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "has a gap of 4 bytes before 'x'" },
        { """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[0],"data_offsets":[12,12]}}""", 12,
            "has a gap of 4 bytes before 'y'" },
        { Good, 9, "has 1 bytes after the last tensor" },
        { "{}", 3, "has 3 bytes after the last tensor (byte 10)" },
        { "[]", 0, "does not begin with a brace" },
        { " " + Good, 8, "does not begin with a brace" },
        { "", 0, "does not begin with a brace" },
        { """{"x":5}""", 0, "does not describe 'x' by a JSON object" },
        { """{"x":null}""", 0, "does not describe 'x' by a JSON object" },
        { Good + "x", 8, "not valid JSON" },
        { Good + "{}", 8, "not valid JSON" },
        { Good[..^1], 8, "not valid JSON" },
        { """{"x":{"dtype":"F32",}}""", 0, "not valid JSON" },
        { """{"x":{"dtype":"F32","shape":[2],/* */"data_offsets":[0,8]}}""", 8, "not valid JSON" },
        { """{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "not valid Unicode (byte 9)" },
        { """{"__metadata__":{"a":"\udc00"}}""", 0, "not valid Unicode" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Is_refused(string header, int dataBytes, string reason)
    {
        File.WriteAllBytes(folder["bad"], FormatByHand.Write(header, new byte[dataBytes]));
        AssertRefused(reason);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(100_000_001UL)]
    [InlineData(99_999_999UL)]
    [InlineData(1000UL)]
    public void Is_refused_for_the_length_it_claims_before_anything_is_allocated(ulong length)
    {
        File.WriteAllBytes(folder["bad"], FormatByHand.Write(Good, new byte[8], length));
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused($"claims a header of {length} bytes, and 62 follow");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Is_refused_for_nesting_however_deep()
    {
        foreach (string open in new[] { "[", """{"a":""" })
        {
            File.WriteAllBytes(folder["bad"], FormatByHand.Write("""{"x":""" + string.Concat(Enumerable.Repeat(open, 200_000)), []));
            AssertRefused("");
            File.WriteAllBytes(
                folder["bad"], FormatByHand.Write("""{"__metadata__":{"x":""" + string.Concat(Enumerable.Repeat(open, 200_000)), []));
            AssertRefused("");
        }
    }

    [Fact]
    public void Long_names_and_control_characters_stay_out_of_messages()
    {
        File.WriteAllBytes(folder["bad"], FormatByHand.Write($$"""{"\u001b[31m{{new string('n', 1_000_000)}}":5}""", []));
        string text = AssertRefused("does not describe '?[31mnnn");
        Assert.True(text.Length < 1000);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void Zero_size_tensors_may_lie_anywhere_between_others()
    {
        File.WriteAllBytes(folder["good"], FormatByHand.Write("""
            {"e":{"dtype":"F64","shape":[5,0],"data_offsets":[8,8]},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
             "d":{"dtype":"F32","shape":[0],"data_offsets":[8,8]},"c":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},
             "y":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}
            """, new byte[12]));
        Assert.Equal(new Shape(5, 0), SafeTensors.Load(folder["good"])["e"].Shape);
        Assert.Equal(5, SafeTensors.Describe(folder["good"]).Count);
    }

    [Fact]
    public void Space_after_the_header_is_padding()
    {
        File.WriteAllBytes(folder["good"], FormatByHand.Write(Good + "    ", new byte[8]));
        Assert.Single(SafeTensors.Load(folder["good"]));
    }

    [Fact]
    public void A_device_and_a_folder_are_no_files()
    {
        if (OperatingSystem.IsWindows()) return;
        Assert.Contains(
            "/dev/zero", Assert.Throws<InvalidDataException>(() => SafeTensors.Load("/dev/zero")).Message, StringComparison.Ordinal);
        Assert.Contains(
            folder.Root, Assert.Throws<UnauthorizedAccessException>(() => SafeTensors.Load(folder.Root)).Message, StringComparison.Ordinal);
    }

    private string AssertRefused(string reason)
    {
        string text = Assert.Throws<InvalidDataException>(() => SafeTensors.Load(folder["bad"])).Message;
        Assert.StartsWith($"[safetensors] {folder["bad"]} ", text, StringComparison.Ordinal);
        Assert.Contains(reason, text, StringComparison.Ordinal);
        Assert.Matches(@"\(byte \d+\)\.$", text);
        return text;
    }
}
