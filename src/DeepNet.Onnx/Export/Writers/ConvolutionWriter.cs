using DeepNet.Devices;
using DeepNet.Ops;

namespace DeepNet.Onnx;

/// <summary>Convolutions of images; those of signals and volumes are made of them.</summary>
internal static class ConvolutionWriter
{
    public static string? Write(ExportStep step, Convolution convolution)
    {
        var g = convolution.Geometry;
        if (!convolution.IsResult && !convolution.IsTransposed) return null;
        int[] strides = [g.Rows.Stride, g.Columns.Stride], dilations = [g.Rows.Dilation, g.Columns.Dilation];
        int[] kernel = [g.Rows.Kernel, g.Columns.Kernel];
        if (convolution.IsTransposed)
        {
            // What the image has behind the last window is added, what it lacks is padding.
            int below = Behind(g.Rows), right = Behind(g.Columns);
            int[] added = [Math.Max(below, 0), Math.Max(right, 0)];
            return step.Node(
                "ConvTranspose", step.Ins, ("kernel_shape", kernel), ("strides", strides), ("dilations", dilations), ("group", g.Groups),
                ("pads", Pads(g, Math.Max(-below, 0), Math.Max(-right, 0))), ("output_padding", added));
        }
        string y = step.Node(
            "Conv", step.Ins, ("kernel_shape", kernel), ("strides", strides), ("dilations", dilations), ("group", g.Groups),
            ("pads", Pads(g, Needed(g.Rows), Needed(g.Columns))));
        return convolution.Activation is { } activation ? step.Formula(activation, step.Output.DType, y) : y;
    }

    private static int[] Pads(in ConvolutionGeometry g, int below, int right) => [g.Rows.Before, g.Columns.Before, below, right];

    // As much as before, if that makes the result as long; else what the last window reaches beyond the end.
    private static int Needed(in Taps taps)
        => (taps.Input + 2 * taps.Before - (taps.Kernel - 1) * taps.Dilation - 1) / taps.Stride + 1 == taps.Output ? taps.Before
            : Math.Max((taps.Output - 1) * taps.Stride + (taps.Kernel - 1) * taps.Dilation + 1 - taps.Before - taps.Input, 0);

    // The image that a transposed convolution makes may end before or behind the last window.
    private static int Behind(in Taps taps)
        => taps.Input + taps.Before - ((taps.Output - 1) * taps.Stride + (taps.Kernel - 1) * taps.Dilation + 1);
}
