// The numbers of formulas on this machine's vectors, by kind and bits: W for floats, D for doubles.
global using D256 = DeepNet.Wide<DeepNet.Lanes256<double>, System.Runtime.Intrinsics.Vector256<double>, double>;
global using W128 = DeepNet.Wide<DeepNet.Lanes128<float>, System.Runtime.Intrinsics.Vector128<float>, float>;
global using W256 = DeepNet.Wide<DeepNet.Lanes256<float>, System.Runtime.Intrinsics.Vector256<float>, float>;
global using W512 = DeepNet.Wide<DeepNet.Lanes512<float>, System.Runtime.Intrinsics.Vector512<float>, float>;
