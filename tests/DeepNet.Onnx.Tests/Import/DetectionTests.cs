using DeepNet.Onnx.Tests.Support;

namespace DeepNet.Onnx.Tests.Import;

public class DetectionTests
{
    private static Tensor Number(double value, DType dtype = DType.Float32) => Tensor.FromScalar(value, dtype);

    // Two boxes on one another, one beside them; the corners of the second are given the other way round.
    private static readonly Tensor boxes = Tensor.From<float>([0, 0, 10, 10, 11, 11, 1, 1, 20, 20, 30, 30], new Shape(1, 3, 4));

    [Theory]
    [InlineData(5, 0.5, 0.0, new long[] { 0, 0, 1, 0, 0, 2, 0, 1, 2, 0, 1, 0 })]
    [InlineData(5, 0.9, 0.0, new long[] { 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 1, 2, 0, 1, 0, 0, 1, 1 })]
    [InlineData(1, 0.5, 0.0, new long[] { 0, 0, 1, 0, 1, 2 })]
    [InlineData(5, 0.5, 0.65, new long[] { 0, 0, 1, 0, 1, 2 })]
    [InlineData(0, 0.5, 0.0, new long[] { })]
    public void Boxes_that_cover_a_better_one_are_left_out(int most, double overlap, double least, long[] expected)
    {
        var scores = Tensor.From<float>([0.6f, 0.8f, 0.5f, 0.4f, 0.3f, 0.7f], new Shape(1, 2, 3));
        var model = new Small().Input("boxes", 1, 3, 4).Input("scores", 1, 2, 3).Weight("most", Number(most, DType.Int64))
            .Weight("overlap", Number(overlap)).Weight("least", Number(least))
            .Node("NonMaxSuppression", ["boxes", "scores", "most", "overlap", "least"], "y").Load("y");
        Assert.Equal(expected, model.Run(boxes, scores)[0].ToArray<long>());
    }

    [Fact]
    public void A_part_of_a_plane_is_its_values_in_between()
    {
        // Values that grow evenly: the mean over a part is that at its centre.
        var x = Tensor.Arange(0, 6).To(DType.Float32).Unsqueeze(1) * 10 + Tensor.Arange(0, 8).To(DType.Float32);
        var model = new Small(16).Input("x", 1, 1, 6, 8).Input("rois", -1, 4).Weight("images", Tensor.From<long>(0, 0))
            .Node("RoiAlign", ["x", "rois", "images"], "y", ("output_height", 1), ("output_width", 2), ("sampling_ratio", 2)).Load("y");
        var rois = Tensor.From<float>([1, 1, 5, 3, 2, 0, 4, 5], new Shape(2, 4));
        var y = model.Run(x.Reshape(1, 1, 6, 8), rois)[0];
        RoundTrip.Same(Tensor.From<float>([15 + 1.5f, 15 + 3.5f, 20 + 2, 20 + 3], new Shape(2, 1, 1, 2)), y, 1e-5);
    }
}
