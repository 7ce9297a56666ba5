"""The operators that an opaque node may hold: they compute from tensors and numbers, and do nothing else.

None draws random numbers, reads or writes a file, or changes what it is given, except those of the last kind whose
name ends in an underscore: they change their argument `self`.

Source: the native functions of torch 2.13 (aten); a test holds the lists against their schemas.
"""


def _names(text: str) -> frozenset[str]:
    """The full names of a list: a word is an operator's name, with its overloads where it has not just the default."""
    found: set[str] = set()
    for word in text.split():
        name, _, overloads = word.partition(":")
        found.update(f"aten.{name}.{overload}" for overload in (overloads or "default").split(","))
    return frozenset(found)


PURE_OPERATORS = _names("""
_adaptive_avg_pool2d _adaptive_avg_pool3d _fused_rms_norm _log_softmax _native_batch_norm_legit:no_stats
_native_batch_norm_legit_no_training _prelu_kernel _reshape_alias _scaled_dot_product_flash_attention_for_cpu
_softmax _to_copy _unsafe_view _upsample_bicubic2d_aa:default,vec _upsample_bilinear2d_aa:default,vec
_upsample_nearest_exact1d:default,vec _upsample_nearest_exact2d:default,vec abs abs_ acos acosh adaptive_avg_pool1d
adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d
add:Tensor,Scalar add_:Tensor,Scalar addbmm addcdiv addcdiv_ addcmul addcmul_ addmm:default,dtype addmv
affine_grid_generator alias all:default,dim,dims amax amin aminmax angle any:default,dim,dims
arange:default,start,start_step argmax argmin argsort:default,stable as_strided asin asinh atan atan2 atanh
avg_pool1d avg_pool2d avg_pool3d baddbmm:default,dtype batch_norm bitwise_and:Tensor,Scalar,Scalar_Tensor
bitwise_and_:Tensor,Scalar bitwise_left_shift:Tensor,Tensor_Scalar,Scalar_Tensor bitwise_not
bitwise_or:Tensor,Scalar,Scalar_Tensor bitwise_or_:Tensor,Scalar
bitwise_right_shift:Tensor,Tensor_Scalar,Scalar_Tensor bitwise_xor:Tensor,Scalar,Scalar_Tensor bmm:default,dtype
broadcast_tensors broadcast_to bucketize:Tensor,Scalar cat ceil ceil_ celu celu_ channel_shuffle chunk
clamp:default,Tensor clamp_:default,Tensor clamp_max:default,Tensor clamp_max_:default,Tensor
clamp_min:default,Tensor clamp_min_:default,Tensor clip:default,Tensor clone col2im concat concatenate
constant_pad_nd contiguous conv1d:default,padding conv2d:default,padding conv3d:default,padding conv_transpose1d
conv_transpose2d:input conv_transpose3d:input convolution copy copy_:default,Tensor,int,float copysign:Tensor,Scalar
cos cos_ cosh cosine_similarity count_nonzero:default,dim_IntList cross cummax cummin cumprod cumsum cumsum_ deg2rad
detach detach_ diag diag_embed diagonal diff dist div:Tensor,Scalar,Tensor_mode,Scalar_mode
div_:Tensor,Tensor_mode,Scalar,Scalar_mode divide:Tensor,Scalar,Tensor_mode,Scalar_mode dot dropout dropout_ dstack
einsum elu elu_ embedding eq:Tensor,Scalar erf erfc exp exp2 exp_ expand expand_as expm1 eye:default,m feature_dropout
feature_dropout_ fill:Scalar,Tensor fill_:Scalar,Tensor flatten:using_ints flip fliplr flipud floor floor_
floor_divide:default,Scalar floor_divide_:Tensor,Scalar fmax fmin fmod:Tensor,Scalar frac full full_like gather
ge:Tensor,Scalar gelu glu greater:Tensor,Scalar greater_equal:Tensor,Scalar grid_sampler grid_sampler_2d
grid_sampler_3d group_norm gru:input,data gt:Tensor,Scalar hardshrink hardsigmoid hardsigmoid_ hardswish hardswish_
hardtanh hardtanh_ heaviside hstack hypot im2col index:Tensor,Tensor_hacked_twin index_add index_add_ index_copy
index_copy_ index_fill:int_Tensor,int_Scalar index_fill_:int_Tensor,int_Scalar index_put:default,hacked_twin
index_put_:default,hacked_twin index_select instance_norm isfinite isinf isnan kron layer_norm le:Tensor,Scalar
leaky_relu leaky_relu_ lerp:Scalar,Tensor lerp_:Scalar,Tensor less:Tensor,Scalar less_equal:Tensor,Scalar
lift_fresh_copy linalg_norm:default,ord_str linalg_vector_norm linear
linspace:Tensor_Tensor,Tensor_Scalar,Scalar_Tensor,default log log10 log1p log2 log_ log_sigmoid log_softmax:int
logaddexp logical_and logical_and_ logical_not logical_not_ logical_or logical_or_ logical_xor logit logsumexp
lstm:input,data lt:Tensor,Scalar masked_fill:Scalar,Tensor masked_fill_:Scalar,Tensor masked_scatter matmul
max:other,default,dim max_pool1d max_pool2d max_pool2d_with_indices max_pool3d max_pool3d_with_indices maximum
mean:default,dim median:default,dim meshgrid:default,indexing min:other,default,dim minimum mish mish_
mm:default,dtype moveaxis:intlist,int movedim:int,intlist mul:Tensor,Scalar mul_:Tensor,Scalar
multiply:Tensor,Scalar mv nan_to_num narrow:default,Tensor native_group_norm native_layer_norm ne:Tensor,Scalar neg
neg_ negative new_full new_ones new_zeros norm:Scalar,ScalarOpt_dim,ScalarOpt_dim_dtype,ScalarOpt_dtype
not_equal:Tensor,Scalar numpy_T:default,a one_hot ones ones_like outer pad pairwise_distance permute pixel_shuffle
pixel_unshuffle pow:Tensor_Tensor,Tensor_Scalar,Scalar pow_:Scalar,Tensor prelu prod:default,dim_int rad2deg ravel
reciprocal reciprocal_ reflection_pad1d reflection_pad2d reflection_pad3d relu relu6 relu6_ relu_
remainder:Tensor,Scalar,Scalar_Tensor remainder_:Tensor,Scalar repeat repeat_interleave:Tensor,self_Tensor,self_int
replication_pad1d replication_pad2d replication_pad3d reshape reshape_as rms_norm rnn_relu:input,data
rnn_tanh:input,data roll rot90 round:default,decimals round_:default,decimals rsqrt rsqrt_ rsub:Tensor,Scalar
scalar_tensor scaled_dot_product_attention scatter:value,src,reduce,value_reduce
scatter_:src,value,reduce,value_reduce scatter_add scatter_add_ scatter_reduce:two select:int select_scatter selu
selu_ sgn sigmoid sigmoid_ sign sign_ signbit silu silu_ sin sin_ sinc sinh slice:Tensor slice_scatter softmax:int
softplus softshrink sort:default,stable split:Tensor,sizes,default split_with_sizes sqrt sqrt_ square square_
squeeze:default,dim,dims squeeze_:default,dim,dims stack std:default,dim,correction std_mean:default,dim,correction
sub:Tensor,Scalar sub_:Tensor,Scalar subtract:Tensor,Scalar sum:dim_IntList,default swapaxes swapdims t t_
take_along_dim tan tanh tanh_ tensor_split:sections,indices,tensor_indices_or_sections threshold threshold_ tile
to:dtype,other,dtype_layout topk transpose:int transpose_ tril tril_ tril_indices triu triu_ triu_indices
true_divide:Tensor,Scalar trunc type_as unbind:int unflatten:int unfold unsafe_chunk unsafe_split:Tensor
unsafe_split_with_sizes unsqueeze unsqueeze_ upsample_bicubic2d:default,vec upsample_bilinear2d:default,vec
upsample_linear1d:default,vec upsample_nearest1d:default,vec upsample_nearest2d:default,vec
upsample_nearest3d:default,vec upsample_trilinear3d:default,vec var:default,dim,correction
var_mean:default,dim,correction view:default,dtype view_as vstack where:self,ScalarOther,ScalarSelf,Scalar
xlogy:Tensor,Scalar_Other,Scalar_Self zero zero_ zeros zeros_like
""")

#: Those that give several tensors, or a list of them.
SEVERAL_RESULTS = _names("""
_fused_rms_norm _native_batch_norm_legit:no_stats _native_batch_norm_legit_no_training
_scaled_dot_product_flash_attention_for_cpu adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d aminmax
broadcast_tensors chunk cummax cummin gru:data,input lstm:data,input max:dim max_pool2d_with_indices
max_pool3d_with_indices median:dim meshgrid:default,indexing min:dim native_group_norm native_layer_norm
rnn_relu:data,input rnn_tanh:data,input sort:default,stable split:Tensor,default,sizes split_with_sizes
std_mean:correction,default,dim tensor_split:indices,sections,tensor_indices_or_sections topk unbind:int
unsafe_chunk unsafe_split:Tensor unsafe_split_with_sizes var_mean:correction,default,dim
""")

#: Those that make a tensor out of numbers alone, so that they have to be told on which device.
CREATING = _names("""
arange:default,start,start_step eye:default,m full linspace ones scalar_tensor tril_indices triu_indices zeros
""")
