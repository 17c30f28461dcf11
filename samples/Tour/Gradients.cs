namespace DeepNet.Tour;

/// <summary>y = x³ at 2: the slope 12, and the slope of the slope, also 12.</summary>
internal static class Gradients
{
    public static void Show()
    {
        var x = Tensor.From(2.0).WithGrad();
        var y = x * x * x;
        y.Backward(createGraph: true);
        var slope = x.Grad!;
        Console.WriteLine($"   x = 2, y = x³ = {(double)y}, dy/dx = {(double)slope}");

        x.Grad = null;
        slope.Backward();
        Console.WriteLine($"   the gradient is a tensor like any other: d²y/dx² = {(double)x.Grad!}");
    }
}
