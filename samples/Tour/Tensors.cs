namespace DeepNet.Tour;

/// <summary>Making tensors, looking at parts of them, computing with them.</summary>
internal static class Tensors
{
    public static void Show()
    {
        var table = Tensor.From<float>([1, 2, 3, 4, 5, 6], new Shape(2, 3));
        Print("a (2, 3) tensor", table);
        Print("its transpose, a view", table.T);
        Print("times a row, broadcast", table * Tensor.From<float>(1, 10, 100));
        Print("its product with its transpose", table.MatMul(table.T));
        Print("the last column, t[.., ^1]", table[.., ^1]);
        Print("tanh of the even ones, 0 elsewhere", Tensor.Where((table % 2).Equal(0), table.Tanh(), Tensor.Zeros(1)));
    }

    private static void Print(string what, Tensor tensor)
        => Console.WriteLine($"   {what + ":",-38} {tensor.Shape,-7} {string.Join(" ", tensor.ToArray().Select(v => $"{v:0.###}"))}");
}
