namespace DeepNet.Printing;

/// <summary>What a debugger lists when a tensor is unfolded.</summary>
/// <param name="tensor">The tensor.</param>
internal sealed class TensorDebugView(Tensor tensor)
{
    public Shape Shape => tensor.Shape;
    public DType DType => tensor.DType;
    public Device Device => tensor.Device;
    public string Values => tensor.Storage.IsReleased ? "released" : tensor.ToString();
    public bool RequiresGrad => tensor.RequiresGrad;
    public Tensor? Grad => tensor.PeekRows() is null ? tensor.PeekGrad() : null;
    public SparseGradient? SparseGrad => tensor.PeekRows();
    public Node? GradNode => tensor.GradNode;
}
