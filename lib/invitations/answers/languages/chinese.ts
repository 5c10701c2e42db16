import type { Language } from './language.js';

/** Simplified characters, addressed as 您. Readers of traditional ones get it, too: the nearest there is. */
export const chinese: Language = {
  tag: 'zh-Hans',
  confirm: { title: '还差一步', message: '此链接只能使用一次。请点击按钮以使用它。', button: '继续' },
  refusals: {
    TICKET_MISSING: {
      title: '需要链接',
      message: '此处需要链接或代码。',
      hint: '请打开您收到的链接。如果您之前已打开过，请再打开一次。',
    },
    TICKET_INVALID: {
      title: '在此无效',
      message: '此链接或代码在此处无效。',
      hint: '请重新打开您收到的链接。如果仍然无效，请重新索取。',
    },
    TICKET_USED: {
      title: '已使用',
      message: '此链接或代码已被使用。',
      hint: '使用时间：{when}。如果是您本人操作的，则一切顺利，您无需再做任何事情。',
    },
    TICKET_EXPIRED: {
      title: '已过期',
      message: '此链接或代码已过期。',
      hint: '过期时间：{when}。如果您仍然需要，请重新索取。',
    },
    TICKET_REVOKED: {
      title: '已撤销',
      message: '此链接或代码已被撤销。',
      hint: '撤销时间：{when}。如果您仍然需要，请重新索取。',
    },
    TICKET_BUSY: {
      title: '请稍候',
      message: '此链接或代码正在使用中。',
      hint: '如果您点击了两次按钮，第一次操作仍在处理中。如果本页面没有自动刷新，请手动刷新。',
    },
    TICKET_OFFICE_BUSY: { title: '请稍候', message: '服务器繁忙，请稍后再试。' },
    unfinished: {
      title: '未完成',
      message: '此操作已开始，但尚未完成。',
      hint: '开始时间：{when}。刷新本页面无济于事，请向提供链接或代码的一方求助。',
    },
    crossSite: {
      title: '未执行',
      message: '此请求来自其他网站，未被执行。',
      hint: '请重新打开您收到的链接，然后再试一次。',
    },
  },
};
