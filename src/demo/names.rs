//! Names of people who do not exist: common surnames and common characters, put together by chance.

use std::collections::BTreeSet;

use super::dice::Dice;

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈\
                        姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";
const WOMEN: &str = "芳娜敏静丽娟艳霞秀燕玲桂兰凤洁梅琳素云莲珍雪荣爱妹香月莺媛瑞凡佳嘉琼勤贞莉红慧巧美婷雅倩欣怡颖露瑶婉若萱晓语彤蓉";
const MEN: &str = "伟强磊军洋勇杰涛明超平刚辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林阳建亮成峰东国庆志文武海山仁松学祥才发新利清毅恒博";

/// The names already given in the county: nobody is called like another.
#[derive(Default)]
pub(super) struct Register(BTreeSet<String>);

impl Register {
    pub(super) fn name(&mut self, dice: &mut Dice, female: bool) -> String {
        loop {
            let name = invent(dice, female);
            if self.0.insert(name.clone()) {
                return name;
            }
        }
    }
}

fn invent(dice: &mut Dice, female: bool) -> String {
    let given = if female { WOMEN } else { MEN };
    let mut name = String::from(character(dice, SURNAMES));
    name.push(character(dice, given));
    if dice.chance(80) {
        name.push(character(dice, given));
    }
    name
}

fn character(dice: &mut Dice, from: &str) -> char {
    let characters: Vec<char> = from.chars().collect();
    *dice.pick(&characters)
}
