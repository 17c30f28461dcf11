namespace DeepNet.Plots.Tests;

public class FrameMergeTests
{
    private const string Shared = "<rect a=\"1\"/>\n";

    [Fact]
    public void What_drawings_share_stands_once_and_the_rest_by_frame()
    {
        string merged = FrameMerge.Merge([[$"{Shared}<path d=\"0\"/>\n<text>x</text>\n"], [$"{Shared}<path d=\"1\"/>\n<text>x</text>\n"],
            [$"{Shared}<path d=\"1\"/>\n<text>x</text>\n"]], shown: 2, ["en"]);
        Assert.Equal(
            Shared + "<g class=\"fr\" data-f=\"0\">\n<path d=\"0\"/>\n</g>\n<g class=\"fr on\" data-f=\"1-2\">\n<path d=\"1\"/>\n</g>\n"
                + "<text>x</text>\n", merged);
    }

    [Fact]
    public void Groups_are_opened_once_and_compared_within()
    {
        string merged = FrameMerge.Merge(
            [["<g clip-path=\"c\">\n<path d=\"0\"/>\n</g>\n"], ["<g clip-path=\"c\">\n<path d=\"0\"/>\n<path d=\"1\"/>\n</g>\n"]],
            shown: 0, ["en"]);
        Assert.Equal("<g clip-path=\"c\">\n<path d=\"0\"/>\n<g class=\"fr\" data-f=\"1\">\n<path d=\"1\"/>\n</g>\n</g>\n", merged);
    }

    [Fact]
    public void Languages_differ_within_frames_and_share_their_data()
    {
        static string[] Frame(int k) => [$"<path d=\"{k}\"/>\n<text>loss</text>\n", $"<path d=\"{k}\"/>\n<text>损失</text>\n"];
        string merged = FrameMerge.Merge([Frame(0), Frame(1)], shown: 1, ["en", "zh"]);
        const string Words = "<g lang=\"en\">\n<text>loss</text>\n</g>\n<g lang=\"zh\">\n<text>损失</text>\n</g>\n";
        Assert.Equal(
            $"<g class=\"fr\" data-f=\"0\">\n<path d=\"0\"/>\n{Words}</g>\n"
                + $"<g class=\"fr on\" data-f=\"1\">\n<path d=\"1\"/>\n{Words}</g>\n",
            merged);
    }

    [Fact]
    public void A_language_that_lacks_a_text_shares_that_of_the_first()
    {
        string merged = FrameMerge.Merge([["<text>a</text>\n", "<text>b</text>\n", "<text>a</text>\n"]], shown: 0, ["en", "zh", "de"]);
        Assert.Equal("<g lang=\"en\" class=\"de\">\n<text>a</text>\n</g>\n<g lang=\"zh\">\n<text>b</text>\n</g>\n", merged);
    }

    [Theory]
    [InlineData(new[] { 0 }, "0")]
    [InlineData(new[] { 0, 1, 2, 5, 7, 8 }, "0-2 5 7-8")]
    public void Ranges_are_short(int[] numbers, string text) => Assert.Equal(text, FrameMerge.Ranges(numbers));
}
